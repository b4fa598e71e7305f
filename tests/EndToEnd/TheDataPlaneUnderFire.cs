using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;
using ModelOperator.EndToEnd.Tests.Chaos;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.SampleClient;

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
    private HeldOutDigits _heldOut = null!;
    private Informer<V1EndpointSlice> _slices = null!;
    private Task _informer = Task.CompletedTask;
    private Fleet _fleet = null!;
    private Readiness _readiness = null!;

    [OneTimeSetUp]
    public async Task Install()
    {
        _cluster = await InstalledCluster.StartWithApiApartAsync();
        _heldOut = HeldOutDigits.Load(_cluster.Repository.PathOf("samples", "digits", "heldout.json"));
        _slices = new Informer<V1EndpointSlice>(_cluster.Client, new InformerOptions(), TimeProvider.System, NullLogger.Instance);
        _fleet = new Fleet(_slices, _clock);
        _readiness = new Readiness(_slices, _clock);
        _informer = _slices.RunAsync(_following.Token);

        await _cluster.Client.PatchAsync<V1Deployment>("modelrouter", Installation.SystemNamespace, PatchType.StrategicMergePatch, PatientRouters.Patch(replicas: 2));
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
        await using var weights = new WeightChanger(_cluster.Client, _fleet, Stable, Good);
        await UntilAsync("both routers serve the route", () => weights.IsServedSince(0));
        await using var callers = new Callers(_fleet, weights, _heldOut, RequestsPerSecond, _clock, new Act("nothing", true));
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

    [Test]
    public async Task An_api_that_goes_away_in_the_middle_of_a_rollout_costs_no_request_and_the_rollout_goes_on_after_it()
    {
        await using var scene = new Scene(_cluster, "away");
        await scene.ApplyAsync("v1");
        await scene.UntilAsync("v1 is Available", d => d.Status is { Phase: "Available", Stable.Version: "v1" });
        scene.Call(await _cluster.CallerAsync("away"), _heldOut);
        await scene.ApplyAsync("v2", spec => spec.Rollout!.Steps = [new RolloutStep { Weight = 50, Hold = "approval" }]);
        await scene.UntilAsync("the step is served", d => d.Status is { Step: "1/1", StepStartedAt: not null });

        await _cluster.SuspendApiAsync();
        try
        {
            var before = scene.Answers.Count;
            await UntilAsync("both revisions go on answering", () => scene.Answers.Skip(before).ToList() is var meanwhile
                && meanwhile.Count(answer => answer.Revision == "away-r1") >= 40 && meanwhile.Count(answer => answer.Revision == "away-r2") >= 40);
        }
        finally
        {
            await _cluster.ResumeApiAsync();
        }

        await _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "mdep", "away", $"{CommandAnnotations.Promote}=away-r2@1");
        await scene.UntilAsync("v2 is Available", d => d.Status is { Phase: "Available", Candidate: null, Stable.Version: "v2" });
        await scene.AssertNothingFailedAsync();
    }

    [Test]
    public async Task A_router_that_starts_while_the_api_is_away_serves_from_its_snapshot_and_follows_the_api_again()
    {
        var snapshot = Path.Combine(_cluster.Directory, "routes.json");
        await using (var first = await RouterProcess.StartAsync(_cluster, snapshot))
        {
            await UntilAsync("it has written what it knows", () => File.Exists(snapshot));
            await _cluster.SuspendApiAsync();
        }

        try
        {
            await using var second = await RouterProcess.StartAsync(_cluster, snapshot);
            using (var caller = new ModelClient(second.Address, "default", "fire-stable", TimeProvider.System, "digits"))
            {
                Assert.That((await caller.AskAsync(_heldOut.Digits[0], CancellationToken.None)).Failure, Is.Null);
            }

            await _cluster.ResumeApiAsync();
            await ServeAsync("fire-late", "v1", 1);
            using var late = new ModelClient(second.Address, "default", "fire-late", TimeProvider.System, "digits");
            await Eventually.IsTrueAsync(
                async () => (await late.AskAsync(_heldOut.Digits[0], CancellationToken.None)).Failure is null,
                "it serves a model that was not in the snapshot",
                () => Task.FromResult<string?>(null));
        }
        finally
        {
            await _cluster.ResumeApiAsync();
        }
    }

    [Test]
    public async Task Ten_thousand_idle_connections_cost_a_bounded_memory_and_no_other_caller_anything()
    {
        const int many = 10_000;
        // A connection's pipe, its socket and its state; measured are about a quarter of it.
        const long bound = 24 * 1024;
        var address = _fleet.Ready[0];
        var router = _cluster.ProcessesOf("modelrouter")[address];
        if (Math.Min(ProcessFigures.FileLimit(router), ProcessFigures.FileLimit(Environment.ProcessId)) < many + 1000)
        {
            Assert.Ignore($"this machine allows a process no {many} connections: raise the hard limit of open files");
        }

        using var caller = new ModelClient(new Uri($"http://{address}:8000"), "default", "fire-stable", TimeProvider.System, "digits");
        var (memory, files) = (ProcessFigures.ResidentBytes(router), ProcessFigures.OpenFiles(router));
        using (var idle = await IdleConnections.OpenAsync(IPEndPoint.Parse($"{address}:8000"), "/default/fire-stable/v2/models/digits", many))
        {
            await UntilAsync("the router has accepted all of them", () => ProcessFigures.OpenFiles(router) >= files + many);
            foreach (var digit in _heldOut.Digits.Take(200))
            {
                Assert.That((await caller.AskAsync(digit, CancellationToken.None)).Failure, Is.Null);
            }

            var each = (ProcessFigures.ResidentBytes(router) - memory) / many;
            await TestContext.Progress.WriteLineAsync($"{idle.Open} idle connections, {each} bytes of resident memory for each, {memory / 1024 / 1024} MiB before");
            Assert.That(idle.Open, Is.EqualTo(many));
            Assert.That(each, Is.LessThan(bound));
        }

        await UntilAsync("the router has closed them", () => ProcessFigures.OpenFiles(router) < files + (many / 100));
    }

    [Test]
    public async Task Calls_over_one_connection_are_split_and_balanced_one_by_one_and_none_fails_with_its_candidate()
    {
        var (stable, candidate) = ((Stable, Service: "calls-stable"), (Failing, Service: "calls-candidate"));
        await _cluster.Client.ApplyAsync(OwnRoute.ServiceWithGrpc(stable.Service, Stable), fieldManager: "chaos");
        await _cluster.Client.ApplyAsync(OwnRoute.ServiceWithGrpc(candidate.Service, Failing), fieldManager: "chaos");
        await UntilAsync("the Services have endpoints", () => _readiness.PodsOf(stable.Service).Count == 2 && _readiness.PodsOf(candidate.Service).Count == 1);
        await _cluster.Client.ApplyAsync(OwnRoute.Of("calls", stable, candidate, weight: 50), fieldManager: "chaos");

        var router = _fleet.Ready[0];
        using var metrics = new HttpClient();
        using var connection = new OneConnection();
        using var http = new HttpClient(connection) { Timeout = TimeSpan.FromMinutes(3) };
        var client = new GrpcDigitClient(http, new Uri($"http://{router}:8001/default/calls"), "digits");
        await Eventually.IsTrueAsync(
            async () => await IsAnsweredAsync(client) && connection.AnswersOf(Failing) > 0 && connection.AnswersOf(Stable) > 0,
            "both revisions answer calls",
            () => Task.FromResult<string?>(null));

        var pods = _readiness.PodsOf(Stable);
        Task<double?[]> InferencesAsync() => Task.WhenAll(pods.Select(pod => MetricsPage.SumAsync(metrics, pod, "modelserver_inference_total")));
        Task<double?> FailoversAsync() => MetricsPage.SumAsync(metrics, router, "modelrouter_failovers_total", $"revision=\"{Failing}\"");
        var (before, failoversBefore) = (await InferencesAsync(), await FailoversAsync());
        await AskAllAsync(client, _heldOut.Digits);
        var failedOver = await FailoversAsync() - failoversBefore;
        var calls = (await InferencesAsync()).Zip(before, (now, then) => (now - then) ?? 0).ToList();

        await Signals.SendAsync(_cluster.ProcessesOf("modelserver")[_readiness.PodsOf(Failing).Single()], "KILL");
        await AskAllAsync(client, _heldOut.Digits.Take(100));

        await TestContext.Progress.WriteLineAsync(
            $"{_heldOut.Digits.Count} calls over {connection.Connections} connection: {failedOver} failed over, {string.Join(" and ", calls)} to the pods of stable");
        Assert.Multiple(() =>
        {
            Assert.That(connection.Connections, Is.EqualTo(1));
            Assert.That(failedOver, Is.Positive, "the candidate fails on some images, and no caller saw it");
            Assert.That(calls, Has.All.GreaterThan(calls.Sum() / 4), "every stable pod has its part of one connection's calls");
        });
    }

    private static async Task<bool> IsAnsweredAsync(GrpcDigitClient client)
    {
        try
        {
            await client.ClassifyAsync(new float[64]);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // Throws at the first status that is not OK.
    private static async Task AskAllAsync(GrpcDigitClient client, IEnumerable<HeldOutDigits.Digit> digits)
    {
        foreach (var digit in digits)
        {
            Assert.That((await client.ClassifyAsync(digit.Pixels)).Label, Is.InRange(0, 9));
        }
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

    private static TimeSpan Setting(string name, TimeSpan fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? Duration.Parse(text) : fallback;

    private static Task UntilAsync(string expectation, Func<bool> isMet) =>
        Eventually.IsTrueAsync(() => Task.FromResult(isMet()), expectation, () => Task.FromResult<string?>(null));
}
