using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>A kind that starts with a fixed status and has nothing else of its own.</summary>
internal sealed class InitialStatusStrategy(string status) : KindStrategy
{
    public override void PrepareForCreate(JsonObject obj, StrategyContext context) => obj["status"] = JsonNode.Parse(status);
}
