using ModelOperator.DevCluster.Controllers;
using ModelOperator.DevCluster.Node;
using ModelOperator.DevCluster.Node.Images;
using ModelOperator.DevCluster.Services;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster;

/// <summary>What makes an API server a cluster: its controllers, a node and the node's service proxy, each an ordinary client.</summary>
internal sealed class ClusterWorkers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggerFactory _loggers;
    private readonly KubernetesClient _client;
    private readonly Task _work;

    private ClusterWorkers(
        ILoggerFactory loggers, KubernetesClient client, ControllerHost? controllers, NodeHost node, ServiceProxy proxy, SharedInformers informers)
    {
        _loggers = loggers;
        _client = client;
        _work = Task.WhenAll(
            controllers?.RunAsync(_stop.Token) ?? Task.CompletedTask,
            node.RunAsync(_stop.Token),
            informers.RunAsync(_stop.Token),
            proxy.RunAsync(_stop.Token));
        Ready = Task.WhenAll(controllers?.Ready ?? Task.CompletedTask, node.Ready);
    }

    /// <summary>Completes once controllers and node work.</summary>
    public Task Ready { get; }

    /// <summary>Ends only when one of them fails or it is stopped.</summary>
    public Task Completion => _work;

    /// <summary>Starts them against the API server of the node's kubeconfig.</summary>
    /// <param name="node">The node.</param>
    /// <param name="imagesPath">A JSON map of images to local programs, or null.</param>
    /// <param name="controllers">Which controllers are wanted too.</param>
    /// <exception cref="InvalidDataException">The image map is malformed; the message says where.</exception>
    public static ClusterWorkers Start(NodeOptions node, string? imagesPath, ControllerSet controllers)
    {
        var images = imagesPath is null ? new ImageMap([]) : ImageMap.Load(imagesPath);
        var configuration = KubernetesClientConfiguration.BuildFromConfigFile(node.KubeconfigPath);
        var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true));
        var client = new KubernetesClient(configuration, TimeProvider.System);
        var informers = new SharedInformers(client, TimeProvider.System, loggers);
        var proxy = new ServiceProxy(informers.Get<V1Service>(), informers.Get<V1EndpointSlice>(), loggers.CreateLogger<ServiceProxy>()).Follow();
        return new ClusterWorkers(
            loggers,
            client,
            controllers == ControllerSet.None ? null : new ControllerHost(configuration, controllers, node.RestartBackoff, TimeProvider.System, loggers),
            new NodeHost(node, images, configuration, TimeProvider.System, loggers),
            proxy,
            informers);
    }

    /// <summary>Stops them; when it returns, no process of a pod is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _loggers.Dispose();
        _stop.Dispose();
    }
}
