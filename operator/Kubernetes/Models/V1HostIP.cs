namespace ModelOperator.Kubernetes.Models;

/// <summary>An address of a pod's node.</summary>
public sealed class V1HostIP
{
    public string Ip { get; set; } = "";
}
