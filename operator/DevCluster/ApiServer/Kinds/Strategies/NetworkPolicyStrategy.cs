using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>A policy that does not say what it is about is about ingress, and about egress if it has such rules.</summary>
internal sealed class NetworkPolicyStrategy : DeclaredStrategy
{
    public override void Default(JsonObject obj)
    {
        base.Default(obj);
        var spec = obj.Ensure("spec");
        if (spec.ArrayAt("policyTypes") is not { Count: > 0 })
        {
            spec["policyTypes"] = spec.ArrayAt("egress") is { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }
    }
}
