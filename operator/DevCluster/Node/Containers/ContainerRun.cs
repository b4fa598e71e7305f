using ModelOperator.DevCluster.Node.Processes;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>One run of a container.</summary>
internal sealed record ContainerRun(string Name, string ContainerId, int Attempt, LaunchSpec Spec, LocalProcess Process);
