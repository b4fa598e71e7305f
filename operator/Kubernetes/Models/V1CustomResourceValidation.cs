using System.Text.Json.Nodes;

namespace ModelOperator.Kubernetes.Models;

/// <summary>The schema of a version.</summary>
public sealed class V1CustomResourceValidation
{
    public JsonObject? OpenAPIV3Schema { get; set; }
}
