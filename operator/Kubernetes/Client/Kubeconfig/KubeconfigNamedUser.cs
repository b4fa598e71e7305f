using YamlDotNet.Serialization;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

internal sealed class KubeconfigNamedUser
{
    [YamlMember(Alias = "name")]
    public string? Name { get; set; }

    [YamlMember(Alias = "user")]
    public KubeconfigUser? User { get; set; }
}
