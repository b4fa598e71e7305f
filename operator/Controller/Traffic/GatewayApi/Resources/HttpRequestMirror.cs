using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpRequestMirror
{
    public BackendReference BackendRef { get; set; } = new();

    /// <summary>Percent of the rule's requests; null: all of them.</summary>
    public int? Percent { get; set; }

    /// <summary>What others say instead, such as a fraction.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
