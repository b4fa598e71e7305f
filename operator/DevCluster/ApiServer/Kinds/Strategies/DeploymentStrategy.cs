using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class DeploymentStrategy : WorkloadStrategy
{
    public override void Default(JsonObject obj)
    {
        base.Default(obj);
        var spec = obj.Ensure("spec");
        var strategy = spec.Ensure("strategy");
        strategy.SetDefault("type", "RollingUpdate");
        if (strategy.StringAt("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.SetDefault("maxUnavailable", "25%");
            rolling.SetDefault("maxSurge", "25%");
        }

        spec.SetDefault("revisionHistoryLimit", 10L);
        spec.SetDefault("progressDeadlineSeconds", 600L);
    }
}
