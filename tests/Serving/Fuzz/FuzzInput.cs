namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>An input of the model.</summary>
/// <param name="Size">Bytes of an element; 0 for BYTES.</param>
/// <param name="Dimensions">A number, or a name for one that varies.</param>
internal sealed record FuzzInput(string Name, string Type, int ModelType, int Size, params object[] Dimensions)
{
    public bool IsHalf => Type is "FP16" or "BF16";
}
