using System.Text.Json.Serialization;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>What a container asks for and what it may not exceed; quantities by resource name, as text.</summary>
public sealed class V1ResourceRequirements
{
    [JsonConverter(typeof(QuantityMapConverter))]
    public IDictionary<string, string>? Requests { get; set; }

    [JsonConverter(typeof(QuantityMapConverter))]
    public IDictionary<string, string>? Limits { get; set; }
}
