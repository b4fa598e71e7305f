using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>The model, once it is loaded; requests are sent here once it is warm.</summary>
internal sealed class ModelSlot : IDisposable
{
    private volatile InferenceEngine? _engine;
    private volatile bool _warm;
    private volatile TaskCompletionSource _changed = NewChange();

    /// <summary>Null while the model is not there.</summary>
    public InferenceEngine? Engine => _engine;

    public LoadedModel? Model { get; private set; }

    /// <summary>Why the model will never come; null while all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Null when the model is ready for requests.</summary>
    public string? Problem => _warm ? null : Failure ?? (_engine is null ? "the model is loading" : "the model is warming up");

    /// <summary>Done with the next change after it was read.</summary>
    public Task Changed => _changed.Task;

    /// <summary>From now on requests are answered, though none should come but the server's own.</summary>
    public void Put(LoadedModel model, InferenceEngine engine)
    {
        Model = model;
        _engine = engine;
        Tell();
    }

    public void Open()
    {
        _warm = true;
        Tell();
    }

    public void Fail(string message)
    {
        Failure = message;
        Tell();
    }

    public void Dispose() => _engine?.Dispose();

    private void Tell() => Interlocked.Exchange(ref _changed, NewChange()).SetResult();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
