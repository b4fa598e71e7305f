using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>A checked inference request: what is asked of the model, and how the answer is to be written.</summary>
internal sealed class InferRequest(ModelSignature signature) : IDisposable
{
    private RequestedOutput[] _outputs = [];

    /// <summary>The caller's own, echoed in the answer.</summary>
    public string? Id { get; set; }

    public InferenceRequest Inference { get; } = new(signature);

    /// <summary>In the order of the signature; complete once the request is read.</summary>
    public InputTensor?[] Inputs => Inference.Inputs;

    /// <summary>In the order in which they are answered.</summary>
    public RequestedOutput[] Outputs
    {
        get => _outputs;
        set
        {
            _outputs = value;
            Inference.Outputs = Array.ConvertAll(value, output => output.Index);
        }
    }

    public void Dispose() => Inference.Dispose();
}
