using System.Text.Json.Nodes;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>A thousand ModelDeployments with a policy each: how soon they are there, and what it costs to judge a canary of each at once.</summary>
internal sealed class FleetBenchmark : IBenchmark
{
    private const int Size = 1000;
    private static readonly TimeSpan Judged = TimeSpan.FromSeconds(75);
    private static readonly ParallelOptions AtATime = new() { MaxDegreeOfParallelism = 16 };

    public string Name => "rollouts.fleet";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        var prometheus = new FleetPrometheus();
        await using var fleet = await Fleet.StartAsync(prometheus, cancellationToken);
        await Parallel.ForAsync(0, Size, AtATime, async (i, token) => await fleet.Client.CreateAsync(Policy(i), cancellationToken: token));
        await AppearAsync(fleet, report, cancellationToken);
        await RollOutAsync(fleet, prometheus, report, cancellationToken);
    }

    private static async Task AppearAsync(Fleet fleet, FigureReport report, CancellationToken cancellationToken)
    {
        report.Progress($"applying {Size} ModelDeployments");
        var cost = new OperatorCost(fleet.Operator);
        await Parallel.ForAsync(0, Size, AtATime, async (i, token) => await fleet.Client.CreateAsync(Deployment(i), cancellationToken: token));
        await fleet.UntilAllAsync("all are Available", Size, deployment => deployment.Status.Phase == "Available", cancellationToken);
        report.Add("rollouts.fleet.available", cost.Elapsed.TotalSeconds, "s", Target.AtMost(60));
        report.Add("rollouts.fleet.cores", cost.Cores, "cores", Target.AtMost(1));
        report.Add("rollouts.fleet.memory", fleet.Operator.MostResidentBytes / 1e6, "MB", Target.AtMost(200));
    }

    private static async Task RollOutAsync(Fleet fleet, FleetPrometheus prometheus, FigureReport report, CancellationToken cancellationToken)
    {
        report.Progress($"starting {Size} canaries");
        var from = prometheus.Asked.Count;
        var next = JsonNode.Parse("""{"spec":{"model":{"uri":"http://models/2/model.onnx"}}}""")!;
        await Parallel.ForAsync(0, Size, AtATime, async (i, token) => await fleet.Client.PatchAsync<V1Alpha1ModelDeployment>(
            NameOf(i), "default", PatchType.MergePatch, next, cancellationToken: token));
        await fleet.UntilAllAsync("all have a canary", Size, deployment => deployment.Status is { Step: "1/1", StepStartedAt: not null }, cancellationToken);

        report.Progress($"judging them for {Judged.TotalSeconds} s");
        fleet.Looks.Clear();
        var cost = new OperatorCost(fleet.Operator);
        await Task.Delay(Judged, TimeProvider.System, cancellationToken);
        var asked = prometheus.Asked.Skip(from).ToList();
        report.Add("rollouts.canaries.queries", PeakRate(asked), "/s", Target.AtMost(10));
        report.Add("rollouts.canaries.query.bytes", asked.Average(one => one.Bytes), "B");
        report.Add("rollouts.canaries.judged", fleet.Looks.Judged, "canaries", Target.AtLeast(Size));
        report.Add("rollouts.canaries.between-looks.p99", fleet.Looks.Longest(0.99).TotalSeconds, "s", Target.AtMost(20));
        report.Add("rollouts.canaries.cores", cost.Cores, "cores", Target.AtMost(1));
        report.Add("rollouts.canaries.memory", fleet.Operator.MostResidentBytes / 1e6, "MB");
        var passing = fleet.Deployments.List().Count(deployment => deployment.Status.Analysis is { Count: 2 } metrics && metrics.All(metric => metric.Verdict == "Pass"));
        report.Add("rollouts.canaries.passing", passing, "canaries", Target.AtLeast(Size));
    }

    /// <summary>The most queries a second over any ten seconds: what a server feels, the start of all canaries among them.</summary>
    private static double PeakRate(List<(long At, long Bytes)> asked)
    {
        const double window = 10;
        var (first, most) = (0, 0);
        for (var last = 0; last < asked.Count; last++)
        {
            while (TimeProvider.System.GetElapsedTime(asked[first].At, asked[last].At).TotalSeconds > window)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most / window;
    }

    private static string NameOf(int i) => $"model-{i:000}";

    private static V1Alpha1RollbackPolicy Policy(int i) => new()
    {
        Metadata = new V1ObjectMeta { Name = NameOf(i), NamespaceProperty = "default" },
        Spec = new RollbackPolicySpec
        {
            Interval = "15s",
            Metrics =
            [
                new PolicyMetric { Name = "errors", Builtin = "errorRate", Max = 0.05 },
                new PolicyMetric { Name = "p99", Builtin = "latencyP99", Max = 1 },
            ],
        },
    };

    private static V1Alpha1ModelDeployment Deployment(int i) => new()
    {
        Metadata = new V1ObjectMeta { Name = NameOf(i), NamespaceProperty = "default" },
        Spec = new ModelDeploymentSpec
        {
            Model = new ModelSource { Uri = "http://models/1/model.onnx" },
            Replicas = 1,
            Rollout = new RolloutSettings { Steps = [new RolloutStep { Weight = 10, Hold = "1h" }], Policies = [new PolicyReference { Name = NameOf(i) }] },
        },
    };
}
