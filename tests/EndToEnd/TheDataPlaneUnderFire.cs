using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.Conventions;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;
using ModelOperator.EndToEnd.Tests.Chaos;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>
/// Two routers, real model servers and callers in an open loop, while everything that can end, hang or go away does. A short run by
/// default; <c>CHAOS_DURATION</c> and <c>CHAOS_API_AWAY</c> make it a long one (<c>make chaos</c>).
/// </summary>
[TestFixture]
[Category("OwnCluster")]
internal sealed class TheDataPlaneUnderFire
{
    private const int RequestsPerSecond = 80;
    private const string Stable = "fire-stable-r1";
    private const string Good = "fire-good-r1";
    private const string Failing = "fire-failing-r1";

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _following = new();
    private InstalledCluster _cluster = null!;
    private Informer<V1EndpointSlice> _slices = null!;
    private Task _informer = Task.CompletedTask;
    private Fleet _fleet = null!;
    private Readiness _readiness = null!;

    [OneTimeSetUp]
    public async Task Install()
    {
        _cluster = await InstalledCluster.StartWithApiApartAsync();
        _slices = new Informer<V1EndpointSlice>(_cluster.Client, new InformerOptions(), TimeProvider.System, NullLogger.Instance);
        _fleet = new Fleet(_slices, _clock);
        _readiness = new Readiness(_slices, _clock);
        _informer = _slices.RunAsync(_following.Token);

        await _cluster.Client.PatchAsync<V1Deployment>("modelrouter", Installation.SystemNamespace, PatchType.StrategicMergePatch, Routers());
        await _cluster.Client.ApplyAsync(Digits.ErrorPolicy(Digits.Policy, minSamples: 25), fieldManager: "gitops");
        await Task.WhenAll(ServeAsync("fire-stable", "v1", 2), ServeAsync("fire-good", "v2", 1), ServeAsync("fire-failing", "crashing", 1));
        await UntilAsync("two routers are ready", () => _fleet.Ready.Length == 2);
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "rollout", "status", "deployment/modelrouter", "--namespace", Installation.SystemNamespace, "--timeout=90s");
    }

    [OneTimeTearDown]
    public async Task Remove()
    {
        await _following.CancelAsync();
        await _informer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _following.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task Nothing_that_happens_costs_a_request_or_bends_a_share()
    {
        var (duration, apiAway) = (Setting("CHAOS_DURATION", TimeSpan.Zero), Setting("CHAOS_API_AWAY", TimeSpan.FromSeconds(3)));
        var heldOut = HeldOutDigits.Load(_cluster.Repository.PathOf("samples", "digits", "heldout.json"));
        await using var weights = new WeightChanger(_cluster.Client, _fleet, Stable, Good);
        await UntilAsync("both routers serve the route", () => weights.IsServedSince(0));
        await using var callers = new Callers(_fleet, weights, heldOut, RequestsPerSecond, _clock, new Act("nothing", true));
        using var mishaps = new Mishaps(_cluster, _fleet, _readiness, weights, callers, _clock);

        var began = _clock.Elapsed;
        var rounds = 0;
        do
        {
            await PlayAsync(mishaps, weights, callers, apiAway);
            rounds++;
        }
        while (_clock.Elapsed - began < duration);

        var asks = await callers.FinishAsync();
        var report = new ChaosReport(
            asks, Good, _fleet.WasKilledUnder, ask => _readiness.HadPods(Stable, ask), ask => _readiness.HadPods(Good, ask), Mishaps.CandidateTimeout);
        await TestContext.Progress.WriteLineAsync(
            $"{rounds} rounds, {(_clock.Elapsed - began).TotalSeconds:0} s, {weights.Versions} versions of the route, {RequestsPerSecond} requests a second\n{report}");

        Assert.Multiple(() =>
        {
            Assert.That(report.Lost.Select(ask => $"{ask.Act.Name}, {ask.SentAt.TotalSeconds:0.0} s, {ask.Router}: {ask.Failure}"), Is.Empty);
            Assert.That(report.Wrong, Is.Empty);
            Assert.That(report.Shares, Has.Count.EqualTo(WeightChanger.Weights.Count));
        });
    }

    private async Task PlayAsync(Mishaps mishaps, WeightChanger weights, Callers callers, TimeSpan apiAway)
    {
        async Task ActAsync(string name, bool isCandidateWell, Func<Task> play)
        {
            await mishaps.UntilWellAsync(Good);
            callers.Begin(new Act(name, isCandidateWell));
            await play();
        }

        await ActAsync("nothing", true, () => UntilServedAsync(weights, 2 * WeightChanger.Weights.Count));
        await ActAsync("stable pods killed one by one", true, () => mishaps.KillPodsAsync(Stable, "KILL"));
        await ActAsync("candidate killed", false, () => mishaps.KillPodsAsync(Good, "KILL"));
        await ActAsync("candidate crashing (SIGSEGV)", false, () => mishaps.KillPodsAsync(Good, "SEGV"));
        await ActAsync("candidate hanging (SIGSTOP)", false, () => mishaps.HangAsync(Good));
        await ActAsync("candidate answering 500", false, () => mishaps.FailAsync(Failing, Good));
        await ActAsync("router replaced", true, mishaps.ReplaceRouterAsync);
        await ActAsync("router killed (SIGKILL)", true, mishaps.KillRouterAsync);
        await ActAsync("API away", true, async () =>
        {
            await mishaps.TakeApiAwayAsync(Stable, apiAway);
            await UntilServedAsync(weights, 2);
        });
    }

    private static Task UntilServedAsync(WeightChanger weights, int versions)
    {
        var place = weights.Latest + versions;
        return UntilAsync("new versions of the route are served", () => weights.IsServedSince(place));
    }

    private async Task ServeAsync(string name, string model, int replicas)
    {
        await _cluster.Client.ApplyAsync(
            Digits.Deployment(_cluster, name, model, spec =>
            {
                spec.Model.Name = "digits";
                spec.Replicas = replicas;
            }),
            fieldManager: "gitops");
        await UntilAsync($"{name} has its pods", () => _readiness.PodsOf($"{name}-r1").Count == replicas);
    }

    // Patience beyond what a busy machine takes from it, and a candidate that is given up soon.
    private static JsonObject Routers() => new()
    {
        ["spec"] = new JsonObject
        {
            ["replicas"] = 2,
            ["template"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["terminationGracePeriodSeconds"] = 60,
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "router",
                        ["env"] = new JsonArray(
                            Variable("ROUTER_TIMEOUT", "2m"),
                            Variable("ROUTER_CANDIDATE_TIMEOUT", $"{Mishaps.CandidateTimeout.TotalSeconds:0}s"),
                            Variable("ROUTER_DRAIN", "8s")),
                    }),
                },
            },
        },
    };

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static TimeSpan Setting(string name, TimeSpan fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? Duration.Parse(text) : fallback;

    private static Task UntilAsync(string expectation, Func<bool> isMet) =>
        Eventually.IsTrueAsync(() => Task.FromResult(isMet()), expectation, () => Task.FromResult<string?>(null));
}
