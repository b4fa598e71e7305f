using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>The model for the time of one request: it is not unloaded before this is disposed.</summary>
internal readonly struct EngineLease(SharedEngine shared) : IDisposable
{
    public InferenceEngine Engine => shared.Engine;

    public void Dispose() => shared.Leave();
}
