using ModelOperator.DevCluster.Controllers.Claims;
using ModelOperator.DevCluster.Controllers.Deployments;
using ModelOperator.DevCluster.Controllers.Disruption;
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
/// <param name="set">Which of them run.</param>
/// <param name="jobBackoff">The wait before a job replaces its first failed pod; kube-controller-manager's is 10 s.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Where they log.</param>
internal sealed class ControllerHost(
    KubernetesClientConfiguration configuration, ControllerSet set, TimeSpan jobBackoff, TimeProvider time, ILoggerFactory loggers)
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
        var controllers = Make(client, paths, informers);
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
            controllers.ForEach(c => c.Dispose());
        }
    }

    private List<IClusterController> Make(KubernetesClient client, PathClient paths, SharedInformers informers)
    {
        List<IClusterController> controllers =
        [
            new Scheduler(client, paths, new EventPublisher(client, "default-scheduler", time), informers, time, loggers.CreateLogger<Scheduler>()),
        ];
        if (set == ControllerSet.All)
        {
            var jobEvents = new EventPublisher(client, "job-controller", time);
            controllers.AddRange(
            [
                new DeploymentController(client, informers, time, loggers.CreateLogger<DeploymentController>()),
                new ReplicaSetController(client, paths, informers, time, loggers.CreateLogger<ReplicaSetController>()),
                new EndpointSliceController(client, informers, time, loggers.CreateLogger<EndpointSliceController>()),
                new ClaimController(client, informers, time, loggers.CreateLogger<ClaimController>()),
                new JobController(client, paths, jobEvents, informers, JobBackoff.FromBase(jobBackoff), time, loggers.CreateLogger<JobController>()),
                new GarbageCollector(paths, informers, time, loggers.CreateLogger<GarbageCollector>()),
                new NamespaceController(paths, informers, time, loggers.CreateLogger<NamespaceController>()),
                new NamespaceContents(paths, informers, configuration, time, loggers.CreateLogger<NamespaceContents>()),
                new DisruptionController(client, informers, time, loggers.CreateLogger<DisruptionController>()),
            ]);
        }

        return controllers;
    }
}
