using YamlDotNet.Serialization;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

internal sealed class KubeconfigAuthProvider
{
    [YamlMember(Alias = "name")]
    public string? Name { get; set; }
}
