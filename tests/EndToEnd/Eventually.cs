using System.Diagnostics;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>Waits for what must become true, and says what it saw when it does not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string expectation, Func<Task<string?>> seen)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > Patience)
            {
                Assert.Fail($"waited {Patience.TotalSeconds:0} s for: {expectation}; saw: {await seen()}");
            }

            await Task.Delay(PollInterval, TimeProvider.System);
        }
    }
}
