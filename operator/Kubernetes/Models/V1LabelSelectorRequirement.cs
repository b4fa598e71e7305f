using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>A test of one label.</summary>
public sealed class V1LabelSelectorRequirement
{
    public string Key { get; set; } = "";

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
    [JsonPropertyName("operator")]
    public string OperatorProperty { get; set; } = "";

    public IList<string>? Values { get; set; }
}
