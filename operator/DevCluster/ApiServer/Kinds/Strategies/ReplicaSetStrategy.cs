using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class ReplicaSetStrategy : WorkloadStrategy
{
    public override void PrepareForCreate(JsonObject obj, StrategyContext context) => obj["status"] = new JsonObject { ["replicas"] = 0L };
}
