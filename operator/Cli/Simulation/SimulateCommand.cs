using System.CommandLine;
using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Files;
using ModelOperator.Cli.Hosting;
using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Simulation;

namespace ModelOperator.Cli.Simulation;

/// <summary><c>simulate</c>: what a policy would have done with recorded or made-up counts.</summary>
internal static class SimulateCommand
{
    public static Command Create(Calls calls)
    {
        var file = new Argument<string>("policy") { Description = "A manifest with a RollbackPolicy; - is the standard input.", HelpName = "file" };
        var counts = new Option<string?>("--counts")
        {
            Description = $"Recorded counts, one line for each interval of the policy: {CountsFile.Heading}. Without it they are made up from the other options.",
            HelpName = "file",
        };
        var requests = Number("--requests", 100, "Requests a second, of both arms.");
        var weight = Number("--weight", 5, "The candidate's share of them, in per cent.");
        var rate = Number("--bad-rate", 0.5, "Stable's bad requests, in per cent.");
        var ratio = Number("--ratio", 1, "How many times stable's bad rate the candidate's is.");
        var dispersion = Number("--dispersion", 1, "Variance of the bad counts over their mean; above 1 they come in bursts.");
        var duration = new Option<string>("--for") { Description = "How long, for example 1h.", DefaultValueFactory = _ => "1h", HelpName = "duration" };
        var seed = new Option<int>("--seed") { Description = "The same seed makes up the same counts.", DefaultValueFactory = _ => 1, HelpName = "number" };
        var command = new Command("simulate", "Replays a rollout under a policy, and tells what the traffic can show at all.")
        {
            file, counts, requests, weight, rate, ratio, dispersion, duration, seed,
        };
        calls.HandleOffline(command, async (line, screen, cancellationToken) =>
        {
            var path = line.GetRequiredValue(file);
            var policy = PolicyFile.Read(path, await YamlText.ReadFileAsync(path, screen.Surroundings.In, cancellationToken));
            var report = new SimulationReport(screen.Surroundings.Out, policy);
            var interval = PolicyReplay.Interval(policy);
            if (line.GetValue(counts) is { } recorded)
            {
                var intervals = ReadCounts(recorded);
                var like = Like(recorded, new SyntheticTraffic { Interval = interval }, intervals);
                report.Replay(intervals, []);
                report.WhatCanBeShown(like, interval * intervals.Count);
                return ExitCode.Ok;
            }

            var traffic = Checked(new SyntheticTraffic
            {
                Interval = interval,
                RequestsPerSecond = line.GetValue(requests),
                Weight = _ => line.GetValue(weight) / 100,
                BaseRate = line.GetValue(rate) / 100,
                Ratio = line.GetValue(ratio),
                Dispersion = line.GetValue(dispersion),
            });
            var length = Length(line.GetRequiredValue(duration), interval);
            var random = new RandomCounts(line.GetValue(seed));
            var past = traffic.Past(SimulatedRollout.Past, random).ToList();
            report.Replay(Enumerable.Range(0, (int)(length / interval)).Select(i => traffic.Draw(interval * i, random)), past);
            report.WhatCanBeShown(traffic, length);
            return ExitCode.Ok;
        });
        return command;
    }

    private static IReadOnlyList<IntervalCounts> ReadCounts(string path)
    {
        try
        {
            using var text = File.OpenText(path);
            return CountsFile.Read(text);
        }
        catch (FormatException failure)
        {
            throw new CliException(ExitCode.Usage, $"{path}: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, failure.Message);
        }
    }

    private static SyntheticTraffic Like(string path, SyntheticTraffic traffic, IReadOnlyList<IntervalCounts> intervals)
    {
        try
        {
            return traffic.Like(intervals);
        }
        catch (FormatException failure)
        {
            throw new CliException(ExitCode.Usage, $"{path}: {failure.Message}");
        }
    }

    private static SyntheticTraffic Checked(SyntheticTraffic traffic) =>
        traffic is { RequestsPerSecond: > 0 and < 1e7, BaseRate: > 0 and < 1, Ratio: >= 0 and <= 1e6, Dispersion: >= 1 and <= 1e6 } && traffic.Weight(default) is > 0 and < 1
            ? traffic
            : throw new CliException(
                ExitCode.Usage,
                "the traffic needs --requests above 0, --weight and --bad-rate between 0 and 100 %, --ratio of at least 0 and --dispersion of at least 1");

    private static TimeSpan Length(string text, TimeSpan interval)
    {
        if (!Duration.TryParse(text, out var length) || length <= TimeSpan.Zero)
        {
            throw new CliException(ExitCode.Usage, $"--for {text} is not a duration such as 30m or 1h");
        }

        return length / interval is >= 1 and <= CountsFile.MostIntervals
            ? length
            : throw new CliException(
                ExitCode.Usage, $"--for {text} must be 1 to {CountsFile.MostIntervals} times the policy's interval, {Duration.Format(interval)}");
    }

    private static Option<double> Number(string name, double value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "number" };
}
