using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpPathModifier
{
    public const string Prefix = "ReplacePrefixMatch";

    public string Type { get; set; } = "";

    public string? ReplacePrefixMatch { get; set; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
