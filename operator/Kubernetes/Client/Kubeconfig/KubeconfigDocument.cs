using YamlDotNet.Serialization;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

/// <summary>A kubeconfig file as it is written.</summary>
internal sealed class KubeconfigDocument
{
    [YamlMember(Alias = "kind")]
    public string? Kind { get; set; }

    [YamlMember(Alias = "current-context")]
    public string? CurrentContext { get; set; }

    [YamlMember(Alias = "clusters")]
    public List<KubeconfigNamedCluster>? Clusters { get; set; }

    [YamlMember(Alias = "users")]
    public List<KubeconfigNamedUser>? Users { get; set; }

    [YamlMember(Alias = "contexts")]
    public List<KubeconfigNamedContext>? Contexts { get; set; }
}
