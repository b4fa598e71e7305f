using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpRouteFilter
{
    public const string Mirror = "RequestMirror";
    public const string Rewrite = "URLRewrite";

    public string Type { get; set; } = "";

    public HttpRequestMirror? RequestMirror { get; set; }

    public HttpUrlRewrite? UrlRewrite { get; set; }

    /// <summary>The content of filters of other types.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
