using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>The model, once it is loaded and warm.</summary>
internal sealed class ModelSlot : IDisposable
{
    private volatile LoadedModel? _model;

    public LoadedModel? Model => _model;

    /// <summary>Why the model will never come; null while all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Null when requests can be answered.</summary>
    public string? Problem => _model is not null ? null : Failure ?? "the model is loading";

    public void Put(LoadedModel model) => _model = model;

    public void Fail(string message) => Failure = message;

    public void Dispose() => _model?.Dispose();
}
