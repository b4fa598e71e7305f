namespace ModelOperator.Demo.Cluster;

/// <summary>The real Helm, against one cluster.</summary>
internal sealed class Helm(string kubeconfig) : ClusterTool("helm", kubeconfig);
