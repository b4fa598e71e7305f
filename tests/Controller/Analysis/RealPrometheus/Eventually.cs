namespace ModelOperator.Controller.Tests.Analysis.RealPrometheus;

/// <summary>Awaits conditions of another process.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns once a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not in time; the message names it.</exception>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan limit)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"waited {limit.TotalSeconds} s until {what}");
            }

            await Task.Delay(Between, TimeProvider.System);
        }
    }
}
