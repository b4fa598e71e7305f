namespace ModelOperator.Kubernetes.Models;

/// <summary>Names the object that owns another; the owner's end is the owned object's end.</summary>
public sealed class V1OwnerReference
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string Uid { get; set; } = "";

    public bool? Controller { get; set; }

    public bool? BlockOwnerDeletion { get; set; }
}
