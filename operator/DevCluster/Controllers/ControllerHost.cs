using ModelOperator.DevCluster.Controllers.Claims;
using ModelOperator.DevCluster.Controllers.Deployments;
using ModelOperator.DevCluster.Controllers.EndpointSlices;
using ModelOperator.DevCluster.Controllers.GarbageCollection;
using ModelOperator.DevCluster.Controllers.Jobs;
using ModelOperator.DevCluster.Controllers.Namespaces;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.DevCluster.Controllers.Scheduling;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.DevCluster.Controllers;

/// <summary>Runs the controllers a cluster cannot do without, as an ordinary client of its API.</summary>
/// <param name="configuration">The API.</param>
/// <param name="jobBackoff">The wait before a job replaces its first failed pod; kube-controller-manager's is 10 s.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Where they log.</param>
internal sealed class ControllerHost(KubernetesClientConfiguration configuration, TimeSpan jobBackoff, TimeProvider time, ILoggerFactory loggers)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once every controller works.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var client = new KubernetesClient(configuration, time);
        using var paths = new PathClient(configuration, time);
        var informers = new SharedInformers(client, time, loggers);
        var events = new EventPublisher(client, "default-scheduler", time);

        using var deployments = new DeploymentController(client, informers, time, loggers.CreateLogger<DeploymentController>());
        using var replicaSets = new ReplicaSetController(client, paths, informers, time, loggers.CreateLogger<ReplicaSetController>());
        using var slices = new EndpointSliceController(client, informers, time, loggers.CreateLogger<EndpointSliceController>());
        using var scheduler = new Scheduler(client, paths, events, informers, time, loggers.CreateLogger<Scheduler>());
        using var claims = new ClaimController(client, informers, time, loggers.CreateLogger<ClaimController>());
        using var jobs = new JobController(
            client,
            paths,
            new EventPublisher(client, "job-controller", time),
            informers,
            JobBackoff.FromBase(jobBackoff),
            time,
            loggers.CreateLogger<JobController>());
        using var collector = new GarbageCollector(paths, informers, time, loggers.CreateLogger<GarbageCollector>());
        using var namespaces = new NamespaceController(paths, informers, time, loggers.CreateLogger<NamespaceController>());
        using var contents = new NamespaceContentController(paths, configuration, informers, time, loggers.CreateLogger<NamespaceContentController>());
        IClusterController[] controllers = [deployments, replicaSets, slices, claims, jobs, scheduler, collector, namespaces, contents];

        var informing = informers.RunAsync(cancellationToken);
        try
        {
            await informers.WaitForSyncAsync(cancellationToken);
            _ready.TrySetResult();
            await Task.WhenAll([informing, .. controllers.Select(c => c.RunAsync(cancellationToken))]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            _ready.TrySetCanceled(CancellationToken.None);
        }
    }
}
