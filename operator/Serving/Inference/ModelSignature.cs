namespace ModelOperator.Serving.Inference;

/// <summary>What a model takes and gives.</summary>
internal sealed record ModelSignature(TensorSpec[] Inputs, TensorSpec[] Outputs)
{
    /// <summary>True when the first dimension of every input varies: the batch.</summary>
    public bool HasBatch { get; } = Inputs.Length > 0 && Inputs.All(input => input.Shape is [< 0, ..]);

    /// <returns>Its index, or -1.</returns>
    public static int IndexOf(TensorSpec[] tensors, ReadOnlySpan<byte> utf8Name)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            if (utf8Name.SequenceEqual(tensors[i].NameUtf8))
            {
                return i;
            }
        }
        return -1;
    }
}
