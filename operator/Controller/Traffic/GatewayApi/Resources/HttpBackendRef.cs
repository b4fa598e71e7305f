using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

internal sealed class HttpBackendRef : BackendReference
{
    /// <summary>Its share is this, of the sum of the rule's weights.</summary>
    public int? Weight { get; set; }

    /// <summary>What others have added, such as filters of one backend.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}
