using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Suite;

/// <summary>Says in the terms of a case what a server did otherwise.</summary>
internal static class Expect
{
    public static void True(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new NonConformanceException(otherwise);
        }
    }

    public static void Equal<T>(T given, T expected, string what) =>
        True(EqualityComparer<T>.Default.Equals(given, expected), $"{what} is {given?.ToString() ?? "missing"}, expected {expected}");

    /// <summary>The same tensors, bit for bit, whatever their order.</summary>
    public static void SameTensors(IReadOnlyList<Tensor> given, IReadOnlyList<Tensor> expected)
    {
        Equal(given.Count, expected.Count, "the number of outputs");
        foreach (var one in expected)
        {
            var other = given.FirstOrDefault(tensor => tensor.Name == one.Name) ?? throw new NonConformanceException($"output '{one.Name}' is missing");
            Equal(other.Datatype, one.Datatype, $"the datatype of output '{one.Name}'");
            Equal(Tensor.Text(other.Shape), Tensor.Text(one.Shape), $"the shape of output '{one.Name}'");
            True(other.Data.AsSpan().SequenceEqual(one.Data), $"the data of output '{one.Name}' differ from those of the same request in JSON");
        }
    }
}
