namespace ModelOperator.Demo.Cluster;

/// <summary>The real kubectl, against one cluster.</summary>
internal sealed class Kubectl(string kubeconfig) : ClusterTool("kubectl", kubeconfig);
