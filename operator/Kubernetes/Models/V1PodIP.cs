namespace ModelOperator.Kubernetes.Models;

/// <summary>One address of a pod.</summary>
public sealed class V1PodIP
{
    public string Ip { get; set; } = "";
}
