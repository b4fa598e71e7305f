using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Demo.Cluster;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.TestSupport.Pretend;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>The operator's program on a real API, with everything else pretended.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly string _directory;
    private readonly Api _api;
    private readonly PretendWorld _world;
    private readonly Task _watching;

    private Fleet(string directory, Api api, SharedInformers informers, PretendWorld world, string address)
    {
        (_directory, _api, _world) = (directory, api, world);
        Deployments = informers.Get<V1Alpha1ModelDeployment>();
        Looks = new LookLog(informers);
        _watching = informers.RunAsync(_stop.Token);
        Operator = OperatorProcess.Start(
            api.Repository.Program("ModelOperator.Controller", "modeloperator"),
            api.Kubeconfig, Installation.SystemNamespace, address, world.Prometheus, Path.Combine(directory, "operator.log"));
    }

    public KubernetesClient Client => _api.Client;

    public IInformer<V1Alpha1ModelDeployment> Deployments { get; }

    public OperatorProcess Operator { get; }

    public LookLog Looks { get; }

    /// <summary>Starts it all and returns when the operator leads.</summary>
    public static async Task<Fleet> StartAsync(IPretendPrometheus prometheus, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("bench-rollouts-").FullName;
        var api = await Api.StartAsync(directory, cancellationToken);
        var informers = new SharedInformers(api.Client, TimeProvider.System, NullLoggerFactory.Instance);
        var subnet = $"127.198.{Random.Shared.Next(256)}";
        var world = new PretendWorld(api.Client, informers, $"{subnet}.100", prometheus);
        var fleet = new Fleet(directory, api, informers, world, $"{subnet}.1");
        await informers.WaitForSyncAsync(cancellationToken);
        await world.StartAsync();
        await Condition.IsTrueAsync("the operator leads", fleet.Operator.LeadsAsync, cancellationToken);
        return fleet;
    }

    /// <summary>Waits until something is so of every one of so many ModelDeployments.</summary>
    public Task UntilAllAsync(string expectation, int count, Func<V1Alpha1ModelDeployment, bool> isMet, CancellationToken cancellationToken) =>
        Condition.IsTrueAsync(expectation, () => Task.FromResult(Deployments.List() is { } all && all.Count == count && all.All(isMet)), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Operator.DisposeAsync();
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _world.DisposeAsync();
        await _api.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
