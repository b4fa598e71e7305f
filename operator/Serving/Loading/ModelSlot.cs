using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>The model, once it is loaded; requests are sent here once it is warm.</summary>
internal sealed class ModelSlot : IDisposable
{
    private volatile SharedEngine? _shared;
    private volatile bool _warm;
    private volatile TaskCompletionSource _changed = NewChange();
    private volatile string _absence = "the model is loading";

    public LoadedModel? Model => _shared?.Model;

    /// <summary>Why the model will never come; null while all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Null when the model is ready for requests.</summary>
    public string? Problem => _warm ? null : Failure ?? (_shared is null ? _absence : "the model is warming up");

    /// <summary>Done with the next change after it was read.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Null while the model is not there.</summary>
    public EngineLease? Rent() => _shared is { } shared && shared.TryEnter() ? new EngineLease(shared) : null;

    /// <summary>
    /// From now on requests are answered, though none should come but the server's own until it is warm. A model that was there
    /// before finishes what it has begun.
    /// </summary>
    public void Put(LoadedModel model, InferenceEngine engine) => Exchange(new SharedEngine(model, engine));

    public void Remove()
    {
        _warm = false;
        _absence = "the model was unloaded";
        Exchange(null);
    }

    /// <summary>The model is warm, unless it was removed meanwhile.</summary>
    public void Open()
    {
        _warm = _shared is not null;
        Tell();
    }

    public void Fail(string message)
    {
        Failure = message;
        Tell();
    }

    public void Dispose() => Exchange(null);

    private void Exchange(SharedEngine? next)
    {
        var before = Interlocked.Exchange(ref _shared, next);
        Tell();
        before?.Leave();
    }

    private void Tell() => Interlocked.Exchange(ref _changed, NewChange()).SetResult();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
