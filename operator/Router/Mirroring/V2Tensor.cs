namespace ModelOperator.Router.Mirroring;

/// <summary>An output tensor of the open inference protocol, its elements in row-major order.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="DataType"><c>FP32</c>, <c>INT64</c>, <c>BYTES</c> ...</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Numbers">The elements; null for a tensor of texts.</param>
/// <param name="Texts">The elements of a tensor of texts; else null.</param>
internal sealed record V2Tensor(string Name, string DataType, long[] Shape, double[]? Numbers, string[]? Texts)
{
    /// <summary>Whether the elements are measurements, which two revisions need not agree on to the last bit.</summary>
    public bool IsReal => DataType is "FP16" or "BF16" or "FP32" or "FP64";
}
