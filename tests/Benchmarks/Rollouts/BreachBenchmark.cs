using ModelOperator.Benchmarks.Figures;
using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>
/// A hundred candidates that go bad at some moment of a step: the time from the scrape that first shows it to the moment when the router
/// serves a route without them. Operator, router and Prometheus are real; pods and what the router counts of them are pretended.
/// </summary>
internal sealed class BreachBenchmark : IBenchmark
{
    private const int Lanes = 10;
    private const int DrillsInALane = 10;

    public string Name => "rollouts.breach";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        if (!ChildProcess.IsInstalled("prometheus"))
        {
            report.Progress("nothing is measured: prometheus is missing (make setup)");
            return;
        }

        await using var ground = await DrillGround.StartAsync(cancellationToken);
        report.Progress($"{Lanes * DrillsInALane} drills, {Lanes} at a time, scraped every second");
        var lanes = Enumerable.Range(0, Lanes).Select(async lane =>
        {
            var drill = new BreachDrill(ground, $"drill-{lane}");
            await drill.PrepareAsync(cancellationToken);
            var times = new List<TimeSpan>();
            for (var i = 0; i < DrillsInALane; i++)
            {
                times.Add(await drill.RunAsync(i + 2, cancellationToken));
            }

            return times;
        });
        var all = (await Task.WhenAll(lanes)).SelectMany(times => times).Order().ToList();
        report.Add("rollouts.breach.to-weight-0.median", all[all.Count / 2].TotalMilliseconds, "ms");
        report.Add("rollouts.breach.to-weight-0.p99", all[(int)Math.Ceiling(all.Count * 0.99) - 1].TotalMilliseconds, "ms", Target.AtMost(1000));
        report.Add("rollouts.breach.to-weight-0.most", all[^1].TotalMilliseconds, "ms");
    }
}
