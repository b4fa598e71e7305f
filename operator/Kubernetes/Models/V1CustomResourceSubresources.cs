using System.Text.Json.Nodes;

namespace ModelOperator.Kubernetes.Models;

/// <summary>The subresources of a version.</summary>
public sealed class V1CustomResourceSubresources
{
    /// <summary>Present, and empty, when the status is written on its own.</summary>
    public JsonObject? Status { get; set; }

    public V1CustomResourceSubresourceScale? Scale { get; set; }
}
