using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.DevCluster.Node.Events;
using ModelOperator.DevCluster.Node.Hooks;
using ModelOperator.DevCluster.Node.Probes;
using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.DevCluster.Node.Volumes;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>What every pod of a node works with.</summary>
internal sealed record PodContext(
    IKubernetesClient Client,
    ContainerComposer Composer,
    VolumeMounter Volumes,
    ProcessLauncher Launcher,
    ProbeExecutor Probes,
    HookRunner Hooks,
    PodStatusBuilder StatusBuilder,
    RestartBackoff Backoff,
    INodeEvents Events,
    TimeProvider Time,
    ILogger<PodWorker> Logger);
