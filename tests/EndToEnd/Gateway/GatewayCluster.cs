using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Demo.Cluster;
using ModelOperator.EndToEnd.Tests.Failover;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Gateway;

/// <summary>A dev cluster with an operator process and what both need; the Gateway API comes when it is asked for.</summary>
internal sealed class GatewayCluster : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Repository _repository = Repository.Find();
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "modeloperator-gateway-" + Guid.NewGuid().ToString("n")[..8]);
    private DevClusterProcess _cluster = null!;
    private IInformer<V1Alpha1ModelDeployment> _deployments = null!;
    private PretendWorld _world = null!;
    private OperatorProcess _operator = null!;
    private Task _watching = Task.CompletedTask;

    public KubernetesClient Client { get; private set; } = null!;

    public PretendGateway Gateway { get; private set; } = null!;

    public Kubectl Kubectl { get; private set; } = null!;

    public static async Task<GatewayCluster> StartAsync()
    {
        var cluster = new GatewayCluster();
        try
        {
            await cluster.InstallAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Installs the published definitions of the Gateway API, a class that supports some of its features, and a Gateway of it.</summary>
    public async Task InstallGatewayApiAsync(params string[] features)
    {
        await Kubectl.RunAsync(CancellationToken.None, "apply", "--server-side", "-f", _repository.PathOf("tests", "Controller", "GatewayApi", "crds"));
        await Kubectl.RunAsync(CancellationToken.None, "wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        await Kubectl.RunAsync(CancellationToken.None, "create", "namespace", "gateways");
        await Kubectl.RunAsync(CancellationToken.None, "apply", "-f", _repository.PathOf("tests", "EndToEnd", "Gateway", "gateway.yaml"));
        var status = new JsonObject
        {
            ["status"] = new JsonObject { ["supportedFeatures"] = new JsonArray([.. features.Select(name => new JsonObject { ["name"] = name })]) },
        };
        await Kubectl.RunAsync(CancellationToken.None, "patch", "gatewayclass", "pretend", "--subresource=status", "--type=merge", "-p", status.ToJsonString());
    }

    public V1Alpha1ModelDeployment? Deployment(string name) => _deployments.Get(name, "default");

    /// <summary>Waits until a ModelDeployment is as expected.</summary>
    public Task UntilAsync(string name, string expectation, Func<V1Alpha1ModelDeployment, bool> isMet) => Eventually.IsTrueAsync(
        () => Task.FromResult(Deployment(name) is { } deployment && isMet(deployment)),
        $"{name} {expectation}",
        () => Task.FromResult<string?>(Deployment(name) is { } deployment
            ? $"{deployment.Status.Phase} {deployment.Status.Step}: {deployment.Status.Message}; {string.Join(" => ", Gateway.HistoryOf(name))}"
            : null));

    public Task UntilAvailableAsync(string name, string revision) => UntilAsync(
        name, $"serves {revision}", deployment => deployment.Status is { Phase: "Available", Candidate: null } && deployment.Status.Stable?.Revision == $"{name}-{revision}");

    /// <summary>Creates a ModelDeployment behind the Gateway; with <paramref name="steps"/> for its next version.</summary>
    public Task CreateAsync(string name, TrafficSettings? traffic, string policy, params RolloutStep[] steps) => Client.CreateAsync(new V1Alpha1ModelDeployment
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new ModelDeploymentSpec
        {
            Model = new ModelSource { Uri = "http://models/1/model.onnx" },
            Replicas = 1,
            Traffic = traffic,
            Rollout = new RolloutSettings { Steps = steps.Length == 0 ? null : [.. steps], Bake = "1s", Policies = [new PolicyReference { Name = policy }] },
        },
    });

    /// <summary>Changes a ModelDeployment's spec by a merge patch.</summary>
    public Task PatchAsync(string name, string spec) =>
        Client.PatchAsync<V1Alpha1ModelDeployment>(name, "default", PatchType.MergePatch, new JsonObject { ["spec"] = JsonNode.Parse(spec) });

    public Task ServeNextAsync(string name) => PatchAsync(name, """{"model": {"uri": "http://models/2/model.onnx"}}""");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_operator is not null)
        {
            await _operator.DisposeAsync();
        }

        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_world is not null)
        {
            await _world.DisposeAsync();
            await Gateway.DisposeAsync();
        }

        Client?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _stop.Dispose();
        if (TestContext.CurrentContext.Result.Outcome.Status != NUnit.Framework.Interfaces.TestStatus.Failed)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task InstallAsync()
    {
        _cluster = await DevClusterProcess.StartAsync(_repository, _directory, TimeProvider.System, CancellationToken.None, withNode: false);
        Kubectl = new Kubectl(_cluster.Kubeconfig);
        await Kubectl.RunAsync(CancellationToken.None, "apply", "-f", _repository.PathOf("crds"));
        await Kubectl.RunAsync(CancellationToken.None, "wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        await Kubectl.RunAsync(CancellationToken.None, "create", "namespace", Installation.SystemNamespace);
        await Installation.ApplyServingRuntimeAsync(_repository, _cluster.Kubeconfig, CancellationToken.None);

        Client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(_cluster.Kubeconfig));
        var informers = new SharedInformers(Client, TimeProvider.System, NullLoggerFactory.Instance);
        var subnet = $"127.198.{Random.Shared.Next(256)}";
        _deployments = informers.Get<V1Alpha1ModelDeployment>();
        _world = new PretendWorld(Client, informers, $"{subnet}.100");
        Gateway = new PretendGateway(Client, informers);
        _watching = informers.RunAsync(_stop.Token);
        await informers.WaitForSyncAsync(_stop.Token);
        await _world.StartAsync();
        Gateway.Start();

        // The pretended Prometheus answers 0 to everything.
        await CreatePolicyAsync("good", max: 1);
        await CreatePolicyAsync("bad", max: -1);
        _operator = OperatorProcess.Start(_repository, _cluster.Kubeconfig, $"{subnet}.1", _world.Prometheus, Path.Combine(_directory, "operator.log"));
    }

    private Task<V1Alpha1RollbackPolicy> CreatePolicyAsync(string name, double max) => Client.CreateAsync(new V1Alpha1RollbackPolicy
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new RollbackPolicySpec { Interval = "1s", Metrics = [new PolicyMetric { Name = "nothing", Query = "vector(0)", Max = max }] },
    });
}
