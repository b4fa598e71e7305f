using System.Diagnostics;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>Waits for what controllers bring about, and says what it saw when they do not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is as wanted, and gives that answer.</summary>
    public static async Task<T> IsAsync<T>(Func<Task<T>> ask, Func<T, bool> wanted, string expectation)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (wanted(answer))
            {
                return answer;
            }

            if (waited.Elapsed > Patience)
            {
                throw new AssertionException($"waited {Patience.TotalSeconds:0} s for: {expectation}; saw: {answer}");
            }

            await Task.Delay(PollInterval, TimeProvider.System);
        }
    }
}
