namespace ModelOperator.Kubernetes.Models;

/// <summary>A column of <c>kubectl get</c>.</summary>
public sealed class V1CustomResourceColumnDefinition
{
    public string Name { get; set; } = "";

    public string Type { get; set; } = "";

    public string JsonPath { get; set; } = "";

    public string? Description { get; set; }

    public string? Format { get; set; }

    public int? Priority { get; set; }
}
