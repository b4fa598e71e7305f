using Microsoft.ML.OnnxRuntime;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>A checked inference request.</summary>
internal sealed class InferRequest(ModelSignature signature) : IDisposable
{
    /// <summary>The caller's own, echoed in the answer.</summary>
    public string? Id { get; set; }

    /// <summary>In the order of the signature; complete once the request is read.</summary>
    public InputTensor?[] Inputs { get; } = new InputTensor?[signature.Inputs.Length];

    /// <summary>In the order in which they are answered.</summary>
    public RequestedOutput[] Outputs { get; set; } = [];

    public OrtValue[] Values => [.. Inputs.Select(input => input!.Value)];

    public string[] OutputNames => [.. Outputs.Select(output => signature.Outputs[output.Index].Name)];

    /// <summary>How many items are asked about: the first dimension where the model has a batch.</summary>
    public long BatchSize => signature.HasBatch ? Inputs[0]!.Shape[0] : 1;

    public void Dispose()
    {
        foreach (var input in Inputs)
        {
            input?.Dispose();
        }
    }
}
