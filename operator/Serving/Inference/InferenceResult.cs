using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Inference;

/// <summary>The answer to one request; disposing it lets the memory of its outputs go.</summary>
internal sealed class InferenceResult : IDisposable
{
    private readonly IDisposable _memory;
    private readonly OutputTensor[] _outputs;

    public InferenceResult(IDisposableReadOnlyCollection<OrtValue> values, InferenceRequest request)
    {
        _memory = values;
        _outputs = new OutputTensor[request.Outputs.Length];
        for (var i = 0; i < _outputs.Length; i++)
        {
            var actual = values[i].GetTensorTypeAndShape();
            _outputs[i] = new OutputTensor(request.Signature.Outputs[request.Outputs[i]], values[i], actual.Shape, 0, checked((int)actual.ElementCount));
        }
    }

    /// <summary>In the order of <see cref="InferenceRequest.Outputs"/>.</summary>
    public ReadOnlySpan<OutputTensor> Outputs => _outputs;

    public void Dispose() => _memory.Dispose();
}
