namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>A container cannot be set up from its spec and what it refers to; kubelet's <c>CreateContainerConfigError</c>.</summary>
internal sealed class ContainerConfigException(string message) : Exception(message);
