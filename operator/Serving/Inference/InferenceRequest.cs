namespace ModelOperator.Serving.Inference;

/// <summary>What a caller asks of the model, in no protocol's terms. It owns its inputs; they are let go when it is disposed.</summary>
internal sealed class InferenceRequest(ModelSignature signature) : IDisposable
{
    public ModelSignature Signature { get; } = signature;

    /// <summary>In the order of the signature; complete, and checked against it, before the request is run.</summary>
    public InputTensor?[] Inputs { get; } = new InputTensor?[signature.Inputs.Length];

    /// <summary>The outputs that are wanted, as indices into the signature's, in the order in which they are answered.</summary>
    public int[] Outputs { get; set; } = [];

    /// <summary>How many items are asked about: the first dimension where the model has a batch.</summary>
    public long BatchSize => Signature.HasBatch ? Inputs[0]!.Shape[0] : 1;

    /// <summary>When its first byte came, as a timestamp of the engine's <see cref="TimeProvider"/>; 0: when it is run.</summary>
    public long Arrived { get; set; }

    /// <summary>How long after <see cref="Arrived"/> the answer is still wanted.</summary>
    public TimeSpan Timeout { get; set; } = System.Threading.Timeout.InfiniteTimeSpan;

    public void Dispose()
    {
        foreach (var input in Inputs)
        {
            input?.Dispose();
        }
    }
}
