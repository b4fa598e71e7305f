using System.Text.Json.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>What must hold of one label or field.</summary>
public sealed class V1NodeSelectorRequirement
{
    public string Key { get; set; } = "";

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c>, <c>DoesNotExist</c>, <c>Gt</c> or <c>Lt</c>.</summary>
    [JsonPropertyName("operator")]
    public string OperatorProperty { get; set; } = "";

    public IList<string>? Values { get; set; }
}
