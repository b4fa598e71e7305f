using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>Namespaces end in two steps: deletion marks them, and <c>/finalize</c> takes the finalizer away once they are empty.</summary>
internal sealed class NamespaceStrategy : KindStrategy
{
    public const string Finalizer = "kubernetes";

    public override void Default(JsonObject obj) =>
        obj.Metadata().Ensure("labels")["kubernetes.io/metadata.name"] = obj.Name();

    public override void PrepareForCreate(JsonObject obj, StrategyContext context)
    {
        obj.Ensure("spec")["finalizers"] = new JsonArray(Finalizer);
        obj["status"] = new JsonObject { ["phase"] = "Active" };
    }

    // Only /finalize changes them.
    public override void PrepareForUpdate(JsonObject obj, JsonObject old, StrategyContext context) => obj["spec"] = old["spec"]?.DeepClone();
}
