using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>A kubelet registers itself with its status, so creation keeps it.</summary>
internal sealed class NodeStrategy : KindStrategy
{
    public override bool KeepsStatusOnCreate => true;

    public override void Default(JsonObject obj) => obj.Ensure("spec");
}
