using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Failover;

/// <summary>Two operators on a real API, and the one that works is killed while it does.</summary>
[TestFixture]
internal sealed class TheDeathOfALeader
{
    private const int Rollouts = 200;
    private static readonly string[] Names = [.. Enumerable.Range(0, Rollouts).Select(i => $"model-{i:000}")];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Repository _repository = Repository.Find();
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "modeloperator-failover-" + Guid.NewGuid().ToString("n")[..8]);
    private DevClusterProcess _cluster = null!;
    private KubernetesClient _client = null!;
    private IInformer<V1Alpha1ModelDeployment> _deployments = null!;
    private RolloutHistory _history = null!;
    private PretendWorld _world = null!;
    private Task _watching = Task.CompletedTask;

    // Nothing else on the machine uses this part of the loopback network.
    private string Subnet { get; } = $"127.199.{Random.Shared.Next(256)}";

    [OneTimeSetUp]
    public async Task Install()
    {
        _cluster = await DevClusterProcess.StartAsync(_repository, _directory, TimeProvider.System, CancellationToken.None, withNode: false);
        var kubectl = new Kubectl(_cluster.Kubeconfig);
        await kubectl.RunAsync(CancellationToken.None, "apply", "-f", _repository.PathOf("crds"));
        await kubectl.RunAsync(CancellationToken.None, "wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        await kubectl.RunAsync(CancellationToken.None, "create", "namespace", Installation.SystemNamespace);
        await kubectl.RunAsync(CancellationToken.None, "apply", "-f", _repository.PathOf("samples", "quickstart", "serving-runtime.yaml"));

        _client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(_cluster.Kubeconfig));
        var informers = new SharedInformers(_client, TimeProvider.System, NullLoggerFactory.Instance);
        _deployments = informers.Get<V1Alpha1ModelDeployment>();
        _history = new RolloutHistory(informers);
        _world = new PretendWorld(_client, informers, $"{Subnet}.10");
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
    public async Task Another_finishes_its_200_rollouts_without_repeating_a_step_or_an_event()
    {
        await using var leader = StartOperator(1);
        await UntilAsync("the first operator leads", leader.LeadsAsync);
        await using var standby = StartOperator(2);
        await UntilAsync("the second operator stands by, ready", standby.IsReadyAsync);

        await Parallel.ForEachAsync(Names, async (name, token) => await _client.CreateAsync(Deployment(name), cancellationToken: token));
        await UntilAllAsync("every first revision is available", d => d is { Status: { Phase: "Available", Stable: not null } });
        await Parallel.ForEachAsync(Names, async (name, token) => await _client.PatchAsync<V1Alpha1ModelDeployment>(
            name, "default", PatchType.MergePatch, JsonNode.Parse("""{"spec":{"model":{"uri":"http://models/2/model.onnx"}}}""")!, cancellationToken: token));
        await UntilAsync("half of the rollouts have begun their steps", () => Task.FromResult(Names.Count(IsStepping) >= Rollouts / 2));

        Assert.That(await standby.LeadsAsync(), Is.False);
        await leader.KillAsync();

        var inTheMiddle = Names.Count(name => !IsFinished(_deployments.Get(name, "default")!));
        await UntilAllAsync("every rollout is finished", IsFinished);
        await TestContext.Progress.WriteLineAsync($"{inTheMiddle} of {Rollouts} rollouts were unfinished when the leader was killed");
        Assert.That(inTheMiddle, Is.GreaterThan(Rollouts / 2));
        Assert.That(await standby.LeadsAsync(), Is.True);
        Assert.That(leader.HasExited, Is.True);
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
        deployment.Status is { Phase: "Available", Candidate: null } && deployment.Status.Stable?.Revision == $"{deployment.Name()}-r2";

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

    private OperatorProcess StartOperator(int number) => OperatorProcess.Start(
        _repository, _cluster.Kubeconfig, $"{Subnet}.{number}", _world.Prometheus, Path.Combine(_directory, $"operator-{number}.log"));

    private bool IsStepping(string name) => _deployments.Get(name, "default") is { Status: { Step: not null, StepStartedAt: not null } };

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
