namespace ModelOperator.OpenInference.Tensors;

/// <summary>An input or output as the model's metadata describe it; -1 for a dimension that varies.</summary>
internal sealed record TensorDescription(string Name, string Datatype, long[] Shape)
{
    /// <summary>Dimensions that vary.</summary>
    public int Dynamic => Shape.Count(dimension => dimension < 0);

    /// <summary>Whether a tensor of this shape is one of those that are described.</summary>
    public bool Fits(IReadOnlyList<long> shape) =>
        shape.Count == Shape.Length && shape.Zip(Shape).All(pair => pair.First >= 0 && (pair.Second < 0 || pair.First == pair.Second));

    /// <summary>A tensor of zeros, with 1 for each dimension that varies; of the text "0" for BYTES.</summary>
    public Tensor Zeros()
    {
        long[] shape = [.. Shape.Select(dimension => dimension < 0 ? 1 : dimension)];
        var elements = checked((int)shape.Aggregate(1L, (product, dimension) => product * dimension));
        byte[] data = Datatype == Datatypes.Bytes
            ? [.. Enumerable.Repeat<byte[]>([1, 0, 0, 0, (byte)'0'], elements).SelectMany(one => one)]
            : new byte[elements * Datatypes.Size(Datatype)];
        return new Tensor(Name, Datatype, shape, data);
    }
}
