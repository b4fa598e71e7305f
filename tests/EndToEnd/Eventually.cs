using System.Diagnostics;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>Waits for what must become true, and says what it saw when it does not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(200);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string expectation, Func<Task<string?>> seen)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > s_patience)
            {
                Assert.Fail($"waited {s_patience.TotalSeconds:0} s for: {expectation}; saw: {await seen()}");
            }

            await Task.Delay(s_pollInterval, TimeProvider.System);
        }
    }
}
