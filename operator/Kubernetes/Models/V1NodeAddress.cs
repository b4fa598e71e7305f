namespace ModelOperator.Kubernetes.Models;

/// <summary>One address of a node.</summary>
public sealed class V1NodeAddress
{
    /// <summary>For example <c>InternalIP</c> or <c>Hostname</c>.</summary>
    public string Type { get; set; } = "";

    public string Address { get; set; } = "";
}
