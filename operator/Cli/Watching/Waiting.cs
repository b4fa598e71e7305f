using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Hosting;

namespace ModelOperator.Cli.Watching;

/// <summary>Waits no longer than a person wants to.</summary>
internal static class Waiting
{
    /// <summary>Reads a duration of the command line; null when none is given.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static TimeSpan? Read(string option, string? text) => text switch
    {
        null => null,
        _ when Duration.TryParse(text, out var value) && value > TimeSpan.Zero => value,
        _ => throw new CliException(ExitCode.Usage, $"{option} {text} is not a duration such as 90s, 5m or 1h30m"),
    };

    /// <summary>Does something within a time.</summary>
    /// <exception cref="CliException">The time has passed.</exception>
    public static async Task<ExitCode> WithinAsync(
        TimeSpan? patience, TimeProvider time, Func<CancellationToken, Task<ExitCode>> action, Func<string> complaint, CancellationToken cancellationToken)
    {
        using var limit = patience is { } length ? new CancellationTokenSource(length, time) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await action(both.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ExitCode.TimedOut, complaint());
        }
    }
}
