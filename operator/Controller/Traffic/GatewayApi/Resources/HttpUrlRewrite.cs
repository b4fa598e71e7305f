using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpUrlRewrite
{
    public HttpPathModifier? Path { get; set; }

    /// <summary>What others rewrite beside the path.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
