using System.Globalization;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Cli.Output;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Simulation;

namespace ModelOperator.Cli.Simulation;

/// <summary>Writes for people what a policy makes of counts, and what counts like these can show at all.</summary>
internal sealed class SimulationReport(TextWriter output, PolicySnapshot policy)
{
    private const int Rollouts = 200;
    private static readonly double[] Ratios = [1, 1.5, 2, 3, 5, 10];

    /// <summary>One rollout: when there was evidence for promotion, when it was taken back, and the numbers at its end.</summary>
    public void Replay(IEnumerable<IntervalCounts> intervals, IReadOnlyList<StableCounts> past)
    {
        foreach (var name in PolicyReplay.LeftOut(policy))
        {
            Write($"left out: {name}, which counts of bad requests tell nothing of");
        }

        var (last, proven) = (default(JudgementReport), false);
        var at = TimeSpan.Zero;
        foreach (var (when, report) in PolicyReplay.Run(policy, intervals, past))
        {
            (at, last) = (when, report);
            if (report.IsProven && !proven)
            {
                proven = true;
                Write($"{Time(at)}  evidence for promotion: {report.Proof}");
            }

            if (report.Decision is JudgementDecision.Rollback or JudgementDecision.Pause)
            {
                Write($"{Time(at)}  {report.Decision}: {report.Reason}");
                break;
            }
        }

        if (last is null)
        {
            Write("nothing was counted");
            return;
        }

        Write($"{Time(at)}  end: {last.Decision}: {last.Reason}");
        foreach (var metric in last.Metrics)
        {
            Write(
                $"  {metric.Metric}: {metric.Verdict}, {metric.Value} (stable {metric.Baseline}) over {metric.Samples} requests"
                + (metric.Ratio is null ? "" : $", ratio {metric.Ratio}")
                + (metric.Evidence is null ? "" : $", evidence of harm {metric.Evidence}")
                + (metric.Proof is null ? "" : $", for promotion {metric.Proof}")
                + (metric.Dispersion is null ? "" : $", dispersion {metric.Dispersion}"));
        }
    }

    /// <summary>For candidates that are so many times as bad as stable: how soon, and how often, each verdict comes.</summary>
    public void WhatCanBeShown(SyntheticTraffic traffic, TimeSpan length)
    {
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"what this traffic can show in {length.TotalMinutes:0.#} min: {traffic.RequestsPerSecond:0.#} requests/s, {traffic.Weight(TimeSpan.Zero):0.#%} to the candidate, {traffic.BaseRate:0.###%} bad, dispersion {traffic.Dispersion:0.#}"));
        Write($"  candidate   taken back                evidence for promotion    ({Rollouts} simulated rollouts each)");
        foreach (var ratio in Ratios)
        {
            var ends = Enumerable.Range(0, Rollouts).AsParallel().AsOrdered().Select(seed => Run(traffic with { Ratio = ratio }, length, seed)).ToList();
            Write(string.Create(
                CultureInfo.InvariantCulture, $"  x{ratio,-10} {Summary([.. ends.Select(end => end.AbortAt)])}   {Summary([.. ends.Select(end => end.ProvenAt)])}"));
        }
    }

    private SimulatedRollout Run(SyntheticTraffic traffic, TimeSpan length, int seed)
    {
        var random = new RandomCounts(seed);
        var past = traffic.Past(SimulatedRollout.Past, random).ToList();
        var intervals = Enumerable.Range(1, (int)(length / traffic.Interval)).Select(i => traffic.Draw(traffic.Interval * (i - 1), random));
        var (abortAt, provenAt) = (default(TimeSpan?), default(TimeSpan?));
        foreach (var (at, report) in PolicyReplay.Run(policy, intervals, past))
        {
            provenAt ??= report.IsProven ? at : null;
            if (report.Decision is JudgementDecision.Rollback or JudgementDecision.Pause)
            {
                abortAt = at;
                break;
            }
        }

        return new SimulatedRollout(abortAt, provenAt);
    }

    private void Write(string line) => output.WriteLine(PlainText.Of(line).TrimEnd());

    private static string Summary(IReadOnlyList<TimeSpan?> times)
    {
        var came = times.OfType<TimeSpan>().Order().ToList();
        var share = $"{100.0 * came.Count / times.Count:0.#}".PadLeft(5) + " %";
        return came.Count == 0 ? $"{share}               " : $"{share}, median {Time(came[came.Count / 2])}";
    }

    private static string Time(TimeSpan at) => string.Create(CultureInfo.InvariantCulture, $"{(int)at.TotalMinutes,3}:{at.Seconds:00}");
}
