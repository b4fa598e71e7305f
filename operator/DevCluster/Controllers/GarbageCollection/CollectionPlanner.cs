namespace ModelOperator.DevCluster.Controllers.GarbageCollection;

/// <summary>Decides what becomes of an object, from who owns it and whom it owns.</summary>
internal static class CollectionPlanner
{
    /// <param name="node">The object.</param>
    /// <param name="owners">Its owners that exist.</param>
    /// <param name="dependents">The objects that it owns.</param>
    public static CollectionVerdict Judge(GraphNode node, IReadOnlyCollection<GraphNode> owners, IReadOnlyCollection<GraphNode> dependents)
    {
        if (node.FreesDependents)
        {
            return CollectionVerdict.Orphan;
        }

        if (node.WaitsForDependents)
        {
            return dependents.Any(d => Blocks(d, node)) ? CollectionVerdict.Keep : CollectionVerdict.FinishForeground;
        }

        if (node.IsBeingDeleted || node.Metadata.OwnerReferences is not { Count: > 0 })
        {
            return CollectionVerdict.Keep;
        }

        if (owners.Count == 0)
        {
            return CollectionVerdict.DeleteBackground;
        }

        return owners.All(o => o.WaitsForDependents)
            ? dependents.Count > 0 ? CollectionVerdict.DeleteForeground : CollectionVerdict.DeleteBackground
            : CollectionVerdict.Keep;
    }

    private static bool Blocks(GraphNode dependent, GraphNode owner) =>
        dependent.Metadata.OwnerReferences?.Any(o => o.Uid == owner.Uid && o.BlockOwnerDeletion == true) == true;
}
