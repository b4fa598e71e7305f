namespace ModelOperator.Serving.Inference;

/// <summary>Bounds how many requests are in the model at a time: more than the cores can run only slows all of them down.</summary>
internal sealed class RunSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(count, count);

    public int Count { get; } = count;

    public ValueTask EnterAsync(CancellationToken cancellationToken) =>
        _slots.Wait(0, CancellationToken.None) ? ValueTask.CompletedTask : new ValueTask(_slots.WaitAsync(cancellationToken));

    public void Leave() => _slots.Release();

    public void Dispose() => _slots.Dispose();
}
