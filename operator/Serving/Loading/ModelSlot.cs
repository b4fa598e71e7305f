using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>The model, once it is loaded and warm.</summary>
internal sealed class ModelSlot : IDisposable
{
    private volatile InferenceEngine? _engine;

    public InferenceEngine? Engine => _engine;

    public LoadedModel? Model => _engine?.Model;

    /// <summary>Why the model will never come; null while all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Null when requests can be answered.</summary>
    public string? Problem => _engine is not null ? null : Failure ?? "the model is loading";

    public void Put(InferenceEngine engine) => _engine = engine;

    public void Fail(string message) => Failure = message;

    public void Dispose() => _engine?.Dispose();
}
