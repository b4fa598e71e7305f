using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>Metadata of a list.</summary>
public sealed class V1ListMeta
{
    public string? ResourceVersion { get; set; }

    /// <summary>Where the next page starts; empty on the last one.</summary>
    [JsonPropertyName("continue")]
    public string? ContinueProperty { get; set; }

    public long? RemainingItemCount { get; set; }
}
