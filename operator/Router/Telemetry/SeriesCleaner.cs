using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Telemetry;

/// <summary>Removes the series of revisions that left all routes, so that a router's metrics do not grow with every version.</summary>
internal sealed class SeriesCleaner(RouteStore routes, RouterMetrics metrics, TimeProvider time) : BackgroundService
{
    // Longer than a bake period's last look back and than a Prometheus that was down for a while.
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var revisions = new RevisionRetention(Retention);
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var revision in revisions.Observe(routes.Current, time.GetUtcNow()))
                {
                    metrics.RemoveSeries(revision);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop. A host that could not start takes anything thrown here for a crash and logs it over the real cause.
        }
    }
}
