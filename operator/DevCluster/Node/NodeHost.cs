using ModelOperator.DevCluster.Node.Addresses;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.DevCluster.Node.Events;
using ModelOperator.DevCluster.Node.Hooks;
using ModelOperator.DevCluster.Node.Images;
using ModelOperator.DevCluster.Node.Pods;
using ModelOperator.DevCluster.Node.Probes;
using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.DevCluster.Node.Registration;
using ModelOperator.DevCluster.Node.Server;
using ModelOperator.DevCluster.Node.Volumes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node;

/// <summary>A node: runs the pods bound to it as processes of this machine, as an ordinary client of the API.</summary>
internal sealed class NodeHost(
    NodeOptions options, ImageMap images, KubernetesClientConfiguration configuration, TimeProvider time, ILoggerFactory loggers)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once the node is registered and follows its pods.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Works until cancelled; when it returns, none of its processes is left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.StateDirectory);
        using var client = new KubernetesClient(configuration, time);
        using var paths = new PathClient(configuration, time);
        using var launcher = new ProcessLauncher();
        using var probes = new ProbeExecutor(launcher, time);
        var informers = new SharedInformers(client, time, loggers);
        var config = new ApiConfigSource(client, paths, informers.Get<V1Service>());
        var resources = new ResourceFields(NodeCapacity.Of(options));
        var events = new QueuedNodeEvents(new EventPublisher(client, "kubelet", time), loggers.CreateLogger<QueuedNodeEvents>());
        var context = new PodContext(
            client,
            new ContainerComposer(options, images, new EnvironmentBuilder(config, resources), new PodIdentity(paths, config, configuration)),
            new VolumeMounter(options, new VolumeContents(config, resources, options.Address), config, time),
            launcher,
            probes,
            new HookRunner(probes, time),
            new PodStatusBuilder(options.Address.ToString(), images.IdOf),
            RestartBackoff.FromBase(options.RestartBackoff),
            events,
            time,
            loggers.CreateLogger<PodWorker>());
        var pods = new PodManager(options, new PodAddressPool(options.Network), context, loggers.CreateLogger<PodManager>());
        var registration = new NodeRegistration(options, client, time, loggers.CreateLogger<NodeRegistration>());
        informers.Get<V1Pod>().AddHandler(pods.OnPodChanged);

        await using var server = await new NodeServer(options, pods, time).StartAsync(cancellationToken);
        try
        {
            await registration.RegisterAsync(cancellationToken);
            var informing = informers.RunAsync(cancellationToken);
            await informers.WaitForSyncAsync(cancellationToken);
            _ready.TrySetResult();
            await Task.WhenAll(informing, registration.RunAsync(cancellationToken), events.RunAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            _ready.TrySetCanceled(CancellationToken.None);
            await pods.StopAsync();
            VolumeMounter.DeleteClaims(options);
        }
    }
}
