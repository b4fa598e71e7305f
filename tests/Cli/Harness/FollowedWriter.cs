namespace ModelOperator.Cli.Tests.Harness;

/// <summary>Keeps what is printed, and lets a test wait for it.</summary>
internal sealed class FollowedWriter : StringWriter
{
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task UntilAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var more = Volatile.Read(ref _more).Task;
            if (ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            await more.WaitAsync(patience.Token);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _more, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return Task.CompletedTask;
    }
}
