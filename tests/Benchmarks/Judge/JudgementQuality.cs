using System.Globalization;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Simulation;

namespace ModelOperator.Benchmarks.Judge;

/// <summary>
/// How often the sequential test rolls back a candidate that is no worse, how soon one that is, and how soon there is evidence for promotion: the
/// product's own code on simulated rollouts, beside a plain threshold on the same traffic.
/// </summary>
internal sealed class JudgementQuality : IBenchmark
{
    private const int Rollouts = 10_000;
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(60);
    private static readonly ComparisonBounds Bounds = new(MaxRatio: 1, Confidence: 0.99, ProvenBelow: 2, ProvenConfidence: 0.95);

    public string Name => "judge.quality";

    public Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        Func<TimeSpan, double> incident = at => at >= TimeSpan.FromMinutes(20) && at < TimeSpan.FromMinutes(30) ? 10 : 1;
        Func<TimeSpan, double> weights = at => at.TotalMinutes switch { < 15 => 0.01, < 30 => 0.05, < 45 => 0.25, _ => 0.5 };
        report.Progress($"{Rollouts} rollouts a row; 100 requests/s, 5 % canary, 0.5 % errors, a look every 30 s for 60 min, confidence 0.99");
        report.Progress("no worse than stable                aborted   threshold rule aborted");
        Innocent(report, "constant", new SyntheticTraffic(), cancellationToken);
        Innocent(report, "incident", new SyntheticTraffic { Incident = incident }, cancellationToken);
        Innocent(report, "weights", new SyntheticTraffic { Weight = weights }, cancellationToken);
        Innocent(report, "bursts3", new SyntheticTraffic { Dispersion = 3 }, cancellationToken);
        Innocent(report, "bursts10", new SyntheticTraffic { Dispersion = 10 }, cancellationToken);
        Innocent(report, "everything", new SyntheticTraffic { Dispersion = 10, Incident = incident, Weight = weights }, cancellationToken);

        report.Progress("worse than stable     median minutes (p90) [aborted]   threshold rule");
        foreach (var (ratio, most) in new[] { (2.0, 10.0), (3, 3.5), (5, 1.5), (10, 0.5) })
        {
            Guilty(report, ratio, most, cancellationToken);
        }

        report.Progress("evidence for promotion (ratio < 2)     median minutes (p90)");
        foreach (var (weight, most) in new[] { (0.05, 9.0), (0.25, 2.5) })
        {
            Proven(report, weight, most, cancellationToken);
        }

        return Task.CompletedTask;
    }

    private static void Innocent(FigureReport report, string name, SyntheticTraffic traffic, CancellationToken ct)
    {
        var (judged, ruled) = Run(traffic, Bounds with { ProvenBelow = null }, ct);
        var (share, rule) = (Share(judged.Select(r => r.AbortAt)), Share(ruled));
        report.Progress(Text($"  {name,-32} {share,7:0.00} %   {rule,7:0.00} %"));
        report.Add($"judge.false_rollbacks.{name}", share, "%", Target.AtMost(1));
        report.Add($"judge.false_rollbacks.{name}.threshold_rule", rule, "%");
    }

    private static void Guilty(FigureReport report, double ratio, double most, CancellationToken ct)
    {
        var (judged, ruled) = Run(new SyntheticTraffic { Ratio = ratio }, Bounds with { ProvenBelow = null }, ct);
        var times = judged.ConvertAll(r => r.AbortAt);
        report.Progress(Text(
            $"  x{ratio,-18} {Quantile(times, 0.5),6:0.0} ({Quantile(times, 0.9):0.0}) [{Share(times):0.0} %]   {Quantile(ruled, 0.5):0.0} ({Quantile(ruled, 0.9):0.0}) [{Share(ruled):0.0} %]"));
        report.Add($"judge.abort_median.x{ratio}", Quantile(times, 0.5), "min", Target.AtMost(most));
        report.Add($"judge.abort_median.x{ratio}.threshold_rule", Quantile(ruled, 0.5), "min");
    }

    private static void Proven(FigureReport report, double weight, double most, CancellationToken ct)
    {
        var times = Run(new SyntheticTraffic { Weight = _ => weight }, Bounds, ct).Judged.ConvertAll(r => r.ProvenAt);
        var percent = weight * 100;
        report.Progress(Text($"  {percent} %                {Quantile(times, 0.5),6:0.0} ({Quantile(times, 0.9):0.0})"));
        report.Add(Text($"judge.proven_median.weight{percent}"), Quantile(times, 0.5), "min", Target.AtMost(most));
    }

    private static (List<SimulatedRollout> Judged, List<TimeSpan?> Ruled) Run(SyntheticTraffic traffic, ComparisonBounds bounds, CancellationToken ct)
    {
        var judged = new SimulatedRollout[Rollouts];
        var ruled = new TimeSpan?[Rollouts];
        Parallel.For(0, Rollouts, new ParallelOptions { CancellationToken = ct }, seed =>
        {
            judged[seed] = SimulatedRollout.Run(traffic, bounds, Length, seed);
            ruled[seed] = ThresholdRule.AbortAt(traffic, Length, seed);
        });
        return ([.. judged], [.. ruled]);
    }

    private static double Share(IEnumerable<TimeSpan?> times) => 100.0 * times.Count(time => time is not null) / Rollouts;

    // Those that never came are later than all others.
    private static double Quantile(IEnumerable<TimeSpan?> times, double q) =>
        times.Select(time => time?.TotalMinutes ?? double.PositiveInfinity).Order().ElementAt((int)(q * (Rollouts - 1)));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
