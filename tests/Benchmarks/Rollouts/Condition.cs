namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>Waits for other processes.</summary>
internal static class Condition
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns once it is so.</summary>
    /// <exception cref="TimeoutException">It was not in four minutes.</exception>
    public static Task IsTrueAsync(string expectation, Func<Task<bool>> condition, CancellationToken cancellationToken) =>
        IsTrueAsync(expectation, condition, Between, cancellationToken);

    /// <inheritdoc cref="IsTrueAsync(string, Func{Task{bool}}, CancellationToken)"/>
    public static async Task IsTrueAsync(string expectation, Func<Task<bool>> condition, TimeSpan between, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"waited in vain for: {expectation}");
            }

            await Task.Delay(between, TimeProvider.System, cancellationToken);
        }
    }
}
