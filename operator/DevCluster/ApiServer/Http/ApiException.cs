using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>A request that is answered by a Status object.</summary>
internal sealed class ApiException(JsonObject status) : Exception(status.StringAt("message"))
{
    public JsonObject Status { get; } = status;

    public int Code => (int)(Status.IntegerAt("code") ?? 500);
}
