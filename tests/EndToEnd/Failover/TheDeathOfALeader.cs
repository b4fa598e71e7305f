using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.TestSupport.Pretend;

namespace ModelOperator.EndToEnd.Tests.Failover;

/// <summary>Two operators on a real API, and the one that works is killed while it does.</summary>
[TestFixture]
[Category("OwnCluster")]
internal sealed class TheDeathOfALeader
{
    private const int Rollouts = 200;
    private static readonly string[] Names = [.. Enumerable.Range(0, Rollouts).Select(i => $"model-{i:000}")];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly CancellationTokenSource _stop = new();
    private readonly Repository _repository = Repository.Find();
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "modeloperator-failover-" + Guid.NewGuid().ToString("n")[..8]);
    private DevClusterProcess _cluster = null!;
    private KubernetesClient _client = null!;
    private IInformer<V1Alpha1ModelDeployment> _deployments = null!;
    private RolloutHistory _history = null!;
    private PretendWorld _world = null!;
    private Task _watching = Task.CompletedTask;
    private int _operators;

    // A part of the loopback network that nothing else uses.
    private string Subnet { get; } = $"127.199.{Random.Shared.Next(256)}";

    [OneTimeSetUp]
    public async Task Install()
    {
        _cluster = await DevClusterProcess.StartAsync(_repository, _directory, TimeProvider.System, CancellationToken.None, withNode: false);
        var kubectl = new Kubectl(_cluster.Kubeconfig);
        await kubectl.RunAsync(CancellationToken.None, "apply", "-f", _repository.PathOf("crds"));
        await kubectl.RunAsync(CancellationToken.None, "wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        await kubectl.RunAsync(CancellationToken.None, "create", "namespace", Installation.SystemNamespace);
        await Installation.ApplyServingRuntimeAsync(_repository, _cluster.Kubeconfig, CancellationToken.None);

        _client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(_cluster.Kubeconfig));
        var informers = new SharedInformers(_client, TimeProvider.System, NullLoggerFactory.Instance);
        _deployments = informers.Get<V1Alpha1ModelDeployment>();
        _history = new RolloutHistory(informers);
        _world = new PretendWorld(_client, informers, $"{Subnet}.100", new ZeroPrometheus());
        _watching = informers.RunAsync(_stop.Token);
        await informers.WaitForSyncAsync(_stop.Token);
        await _world.StartAsync();
        await _client.CreateAsync(new V1Alpha1RollbackPolicy
        {
            Metadata = new V1ObjectMeta { Name = "good", NamespaceProperty = "default" },
            Spec = new RollbackPolicySpec { Interval = "1s", Metrics = [new PolicyMetric { Name = "nothing-is-wrong", Query = "vector(0)", Max = 1 }] },
        });
    }

    [OneTimeTearDown]
    public async Task Remove()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _world.DisposeAsync();
        _client.Dispose();
        await _cluster.DisposeAsync();
        _stop.Dispose();
        if (TestContext.CurrentContext.Result.Outcome.Status != NUnit.Framework.Interfaces.TestStatus.Failed)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Test]
    public async Task The_next_one_finishes_200_rollouts_without_repeating_a_step_or_an_event()
    {
        var leader = StartOperator();
        await UntilAsync("the first operator leads", leader.LeadsAsync);
        await Parallel.ForEachAsync(Names, async (name, token) => await _client.CreateAsync(Deployment(name), cancellationToken: token));
        await UntilAllAsync("every first revision is available", d => d is { Status: { Phase: "Available", Stable: not null } });
        await Parallel.ForEachAsync(Names, async (name, token) => await _client.PatchAsync<V1Alpha1ModelDeployment>(
            name, "default", PatchType.MergePatch, JsonNode.Parse("""{"spec":{"model":{"uri":"http://models/2/model.onnx"}}}""")!, cancellationToken: token));

        // Each time in the middle of a wave of transitions, so that some are caught between their event and their status.
        leader = await KillDuringAsync(leader, "the first step", d => d.Status is { Step: "1/2", StepStartedAt: not null });
        leader = await KillDuringAsync(leader, "the second step", d => d.Status is { Step: "2/2", StepStartedAt: not null });
        leader = await KillDuringAsync(leader, "the bake", d => d.Status.Phase == "Baking");
        await using (leader)
        {
            await UntilAllAsync("every rollout is finished", IsFinished);
        }

        CheckSteps();
        await CheckEventsAsync();
    }

    private static V1Alpha1ModelDeployment Deployment(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new ModelDeploymentSpec
        {
            Model = new ModelSource { Uri = "http://models/1/model.onnx" },
            Replicas = 1,
            Rollout = new RolloutSettings
            {
                Steps = [new RolloutStep { Weight = 10, Hold = "4s" }, new RolloutStep { Weight = 50, Hold = "4s" }],
                Bake = "2s",
                Policies = [new PolicyReference { Name = "good" }],
            },
        },
    };

    private static bool IsFinished(V1Alpha1ModelDeployment deployment) =>
        deployment.Status is { Phase: "Available", Candidate: null, Rollout: null or { Untold: null or { Count: 0 } } }
        && deployment.Status.Stable?.Revision == $"{deployment.Name()}-r2";

    private static async Task UntilAsync(string expectation, Func<Task<bool>> condition, Func<string>? seen = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"waited {Patience.TotalMinutes} minutes for: {expectation}; {seen?.Invoke()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private Task UntilAllAsync(string expectation, Func<V1Alpha1ModelDeployment, bool> isMet) => UntilAsync(
        expectation,
        () => Task.FromResult(_deployments.List() is { Count: Rollouts } all && all.All(isMet)),
        () => string.Join("\n", _deployments.List().Where(d => !isMet(d)).Take(5).Select(d => $"{d.Name()}: {d.Status.Phase} {d.Status.Step}: {d.Status.Message}")));

    /// <summary>Waits until a part of the rollouts are there, kills the leader, and returns the standby that has taken over.</summary>
    private async Task<OperatorProcess> KillDuringAsync(OperatorProcess leader, string moment, Func<V1Alpha1ModelDeployment, bool> isThere)
    {
        var standby = StartOperator();
        await UntilAsync("another operator stands by, ready", standby.IsReadyAsync);
        await UntilAsync($"{Rollouts / 8} rollouts are in {moment}", () => Task.FromResult(_deployments.List().Count(isThere) >= Rollouts / 8));
        while (leader.HasExited)
        {
            // On a machine that starves it, a leader misses its deadline and ends by itself, as it should. Then the other one is killed.
            Assert.That(leader.ExitCode, Is.EqualTo(3));
            await leader.DisposeAsync();
            (leader, standby) = (standby, StartOperator());
            await UntilAsync("another operator stands by, ready", standby.IsReadyAsync);
        }

        await leader.KillAsync();
        var (there, unfinished) = (_deployments.List().Count(isThere), _deployments.List().Count(d => !IsFinished(d)));
        await leader.DisposeAsync();
        await TestContext.Progress.WriteLineAsync($"a leader was killed: {there} of {Rollouts} rollouts were in {moment}, {unfinished} were not finished");
        Assert.That(unfinished, Is.GreaterThan(0));
        await UntilAsync("the standby leads", standby.LeadsAsync);
        return standby;
    }

    private OperatorProcess StartOperator() => OperatorProcess.Start(
        _repository.Program("ModelOperator.Controller", "modeloperator"),
        _cluster.Kubeconfig,
        Installation.SystemNamespace,
        $"{Subnet}.{++_operators}",
        _world.Prometheus,
        Path.Combine(_directory, $"operator-{_operators}.log"));

    private void CheckSteps() => Assert.Multiple(() =>
    {
        foreach (var name in Names)
        {
            Assert.That(_history.StepsOf(name).Select(step => step.Step), Is.EqualTo(new[] { "1/2", "2/2" }), $"{name} does each step once, and starts it once");
            Assert.That(_history.WeightsOf(name), Is.EqualTo(new[] { 0, 10, 50, 100 }).Or.EqualTo(new[] { 10, 50, 100 }), $"the share of {name} never goes back");
            Assert.That(_history.TransitionsOf(name), Is.Ordered, $"the transitions of {name} never go back");
        }
    });

    private async Task CheckEventsAsync()
    {
        var all = (await _client.ListAsync<Corev1Event>(new ListOptions { NamespaceName = "default" })).Items
            .Where(e => e.InvolvedObject?.Kind == "ModelDeployment")
            .OrderBy(e => ulong.Parse(e.ResourceVersion()!))
            .ToLookup(e => e.InvolvedObject!.Name!);
        Assert.Multiple(() =>
        {
            foreach (var name in Names)
            {
                Assert.That(
                    all[name].Select(e => e.Reason),
                    Is.EqualTo(new[]
                    {
                        "RolloutStarted", "Available",
                        "RolloutStarted", "StepStarted", "StepCompleted", "StepStarted", "StepCompleted", "Promoted", "RolloutCompleted",
                    }),
                    $"the events of {name}, in order");
                Assert.That(all[name].Select(e => e.Message), Is.Unique);
                Assert.That(all[name].Select(e => e.Count), Has.All.EqualTo(1));
            }
        });
    }
}
