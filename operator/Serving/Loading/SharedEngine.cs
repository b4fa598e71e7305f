using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>An engine that lives until the slot and the last request have left it, so that none runs on memory that was let go.</summary>
internal sealed class SharedEngine(LoadedModel model, InferenceEngine engine)
{
    /// <summary>The slot is the first.</summary>
    private int _users = 1;

    public LoadedModel Model { get; } = model;

    public InferenceEngine Engine { get; } = engine;

    /// <summary>False once everybody has left.</summary>
    public bool TryEnter()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }
            users = seen;
        }
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Engine.Dispose();
        }
    }
}
