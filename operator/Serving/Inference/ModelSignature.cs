namespace ModelOperator.Serving.Inference;

/// <summary>What a model takes and gives.</summary>
internal sealed record ModelSignature(TensorSpec[] Inputs, TensorSpec[] Outputs)
{
    /// <summary>True when the first dimension of every input varies: the batch.</summary>
    public bool HasBatch { get; } = Inputs.Length > 0 && Inputs.All(input => input.Shape is [< 0, ..]);

    /// <summary>Why requests to the model cannot be put together; null when they can.</summary>
    public string? BatchProblem
    {
        get
        {
            string? symbol = null;
            foreach (var (side, tensor) in Inputs.Select(tensor => ("input", tensor)).Concat(Outputs.Select(tensor => ("output", tensor))))
            {
                if (tensor.Shape is not [< 0, ..])
                {
                    return $"{side} '{tensor.Name}' of shape {TensorSpec.Text(tensor.Shape)} has no free first dimension";
                }
                if (tensor.Symbols[0] is { Length: > 0 } own)
                {
                    symbol ??= own;
                    if (own != symbol)
                    {
                        return $"{side} '{tensor.Name}' has '{own}' as first dimension where others have '{symbol}'";
                    }
                }
            }
            return Inputs.Length == 0 ? "it has no inputs" : null;
        }
    }

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
