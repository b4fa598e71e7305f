using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpRouteRule
{
    /// <summary>A request that fits any of them is the rule's.</summary>
    public IList<HttpRouteMatch> Matches { get; set; } = [];

    public IList<HttpRouteFilter>? Filters { get; set; }

    public IList<HttpBackendRef>? BackendRefs { get; set; }

    /// <summary>What others have added, such as timeouts.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
