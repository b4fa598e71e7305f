using System.Text;

namespace ModelOperator.Serving.Inference;

/// <summary>An input or output as the model declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions; -1 for one that varies.</param>
/// <param name="Symbols">Names of dimensions that vary, empty where there is none: those of one name are equal in a request.</param>
internal sealed record TensorSpec(string Name, DataType Type, long[] Shape, string[] Symbols)
{
    public byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Dimensions that vary.</summary>
    public int Dynamic => Shape.Count(dimension => dimension < 0);

    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(',', shape.ToArray())}]";
}
