using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class ReplicaSetStrategy : WorkloadStrategy
{
    public override void PrepareForCreate(JsonObject obj, StrategyContext context) => obj["status"] = new JsonObject { ["replicas"] = 0L };

    protected override IEnumerable<FieldError> Extra(JsonObject obj) => NotNegative(obj, "minReadySeconds");
}
