using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>The one user there is: whoever has the token.</summary>
internal static class ClusterUser
{
    public const string Name = "devcluster-admin";

    public static JsonArray Groups() => ["system:masters", "system:authenticated"];
}
