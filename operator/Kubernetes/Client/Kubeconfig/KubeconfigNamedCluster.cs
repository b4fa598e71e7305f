using YamlDotNet.Serialization;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

internal sealed class KubeconfigNamedCluster
{
    [YamlMember(Alias = "name")]
    public string? Name { get; set; }

    [YamlMember(Alias = "cluster")]
    public KubeconfigCluster? Cluster { get; set; }
}
