using System.Collections.Concurrent;
using ModelOperator.Router.Balancing;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Forwarding;

/// <summary>Says that attempts fail, at most once in ten seconds per revision: a bad model under load fails thousands of times.</summary>
internal sealed partial class FailureLog(TimeProvider time, ILogger<FailureLog> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Bounded by clearing: forgetting what was said costs a repeated line.
    private const int MaxRevisions = 1000;

    private readonly ConcurrentDictionary<string, Recent> _byRevision = new(StringComparer.Ordinal);

    public void Failed(ModelRoute route, Backend backend, PodEndpoint endpoint, AttemptResult result, Exception? exception)
    {
        if (_byRevision.Count > MaxRevisions)
        {
            _byRevision.Clear();
        }
        var recent = _byRevision.GetOrAdd($"{route.Key}/{backend.Revision}", static _ => new Recent());
        int unsaid;
        lock (recent)
        {
            recent.Unsaid++;
            if (recent.SaidAt is { } at && time.GetElapsedTime(at) < Interval)
            {
                return;
            }
            unsaid = recent.Unsaid - 1;
            recent.Unsaid = 0;
            recent.SaidAt = time.GetTimestamp();
        }
        LogFailed(
            route.Key, backend.Role, backend.Revision, endpoint.Address, result.Outcome, result.Status,
            exception is null ? "" : $": {Innermost(exception).Message}", unsaid);
    }

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Route}: {Role} {Revision} at {Endpoint} failed ({Outcome}, status {Status}){Reason}; {Unsaid} more like it since last said")]
    private partial void LogFailed(
        string route, BackendRole role, string revision, string endpoint, Telemetry.AttemptOutcome outcome, int status, string reason, int unsaid);

    private sealed class Recent
    {
        public int Unsaid { get; set; }

        public long? SaidAt { get; set; }
    }
}
