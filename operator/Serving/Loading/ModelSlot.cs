using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>The model, once it is loaded and warm.</summary>
internal sealed class ModelSlot : IDisposable
{
    private volatile SharedEngine? _shared;
    private volatile TaskCompletionSource _changed = NewChange();
    private volatile string _absence = "the model is loading";

    public LoadedModel? Model => _shared?.Model;

    /// <summary>Why the model will never come; null while all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Null when requests can be answered.</summary>
    public string? Problem => _shared is not null ? null : Failure ?? _absence;

    /// <summary>Done with the next change after it was read.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Null while the model is not there.</summary>
    public EngineLease? Rent() => _shared is { } shared && shared.TryEnter() ? new EngineLease(shared) : null;

    /// <summary>Puts a model in the place of the one before, if there was one; requests that use that finish on it.</summary>
    public void Put(LoadedModel model, InferenceEngine engine) => Exchange(new SharedEngine(model, engine));

    public void Remove()
    {
        _absence = "the model was unloaded";
        Exchange(null);
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
