using System.CommandLine;
using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Analysis.Simulation;

namespace ModelOperator.Controller.Hosting;

/// <summary><c>simulate</c>: what a policy would have done with recorded or made-up counts.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var policy = new Argument<FileInfo>("policy") { Description = "A RollbackPolicy manifest." };
        var counts = new Option<FileInfo?>("--counts")
        {
            Description = $"Recorded counts, one line for each interval of the policy: {CountsFile.Heading}. Without it they are made up from the other options.",
        };
        var requests = Number("--requests", 100, "Requests a second, of both arms.");
        var weight = Number("--weight", 5, "The candidate's share of them, in per cent.");
        var rate = Number("--bad-rate", 0.5, "Stable's bad requests, in per cent.");
        var ratio = Number("--ratio", 1, "How many times stable's bad rate the candidate's is.");
        var dispersion = Number("--dispersion", 1, "Variance of the bad counts over their mean; above 1 they come in bursts.");
        var duration = new Option<string>("--for") { Description = "How long, for example 1h.", DefaultValueFactory = _ => "1h" };
        var seed = new Option<int>("--seed") { Description = "The same seed makes up the same counts.", DefaultValueFactory = _ => 1 };
        var command = new Command("simulate", "Replays a rollout under a policy, and tells what the traffic can show at all.")
        {
            policy, counts, requests, weight, rate, ratio, dispersion, duration, seed,
        };
        command.SetAction(result =>
        {
            if (!Duration.TryParse(result.GetValue(duration), out var length) || length <= TimeSpan.Zero)
            {
                return Refuse("--for", "is not a duration such as 30m or 1h");
            }

            var traffic = new SyntheticTraffic
            {
                RequestsPerSecond = result.GetValue(requests),
                Weight = _ => result.GetValue(weight) / 100,
                BaseRate = result.GetValue(rate) / 100,
                Ratio = result.GetValue(ratio),
                Dispersion = result.GetValue(dispersion),
            };
            if (!(traffic is { RequestsPerSecond: > 0 and < 1e7, BaseRate: > 0 and < 1, Ratio: >= 0, Dispersion: >= 1 } && traffic.Weight(default) is > 0 and < 1))
            {
                return Refuse("the traffic", "needs requests above 0, a weight and a bad rate between 0 and 100 %, a ratio of at least 0 and a dispersion of at least 1");
            }

            return Run(result.GetRequiredValue(policy), result.GetValue(counts), traffic, length, result.GetValue(seed));
        });
        return command;
    }

    private static int Run(FileInfo policyFile, FileInfo? countsFile, SyntheticTraffic traffic, TimeSpan length, int seed)
    {
        var reading = policyFile;
        try
        {
            using var text = policyFile.OpenText();
            var policy = PolicyFile.Read(text);
            traffic = traffic with { Interval = PolicyReplay.Interval(policy) };
            var report = new SimulationReport(Console.Out, policy);
            if (countsFile is null)
            {
                var random = new RandomCounts(seed);
                var past = traffic.Past(SimulatedRollout.Past, random).ToList();
                report.Replay(Enumerable.Range(0, (int)(length / traffic.Interval)).Select(i => traffic.Draw(traffic.Interval * i, random)), past);
            }
            else
            {
                reading = countsFile;
                using var recorded = countsFile.OpenText();
                var intervals = CountsFile.Read(recorded);
                report.Replay(intervals, []);
                traffic = traffic.Like(intervals);
                length = traffic.Interval * intervals.Count;
            }

            report.WhatCanBeShown(traffic, length);
            return 0;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return Refuse(reading.Name, e.Message);
        }
    }

    private static int Refuse(string what, string why)
    {
        Console.Error.WriteLine($"{what}: {why}");
        return 2;
    }

    private static Option<double> Number(string name, double value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
