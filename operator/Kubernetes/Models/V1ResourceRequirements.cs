namespace ModelOperator.Kubernetes.Models;

/// <summary>What a container asks for and what it may not exceed; quantities by resource name, as text.</summary>
public sealed class V1ResourceRequirements
{
    public IDictionary<string, string>? Requests { get; set; }

    public IDictionary<string, string>? Limits { get; set; }
}
