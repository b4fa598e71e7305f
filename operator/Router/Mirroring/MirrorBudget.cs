namespace ModelOperator.Router.Mirroring;

/// <summary>The memory that copies may hold, over all routes.</summary>
/// <param name="bytes">At most this.</param>
internal sealed class MirrorBudget(long bytes)
{
    private long _taken;

    /// <summary>Takes a part; false when there is not so much left.</summary>
    public bool TryTake(long amount)
    {
        if (Interlocked.Add(ref _taken, amount) <= bytes)
        {
            return true;
        }
        Interlocked.Add(ref _taken, -amount);
        return false;
    }

    public void Return(long amount) => Interlocked.Add(ref _taken, -amount);

    /// <summary>What is taken now.</summary>
    public long Taken => Interlocked.Read(ref _taken);
}
