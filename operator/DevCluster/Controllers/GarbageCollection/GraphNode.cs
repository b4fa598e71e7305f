using ModelOperator.DevCluster.Controllers.Dynamic;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.GarbageCollection;

/// <summary>One object of the graph.</summary>
internal sealed record GraphNode(ResourceType Type, V1ObjectMeta Metadata)
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";

    public string Uid => Metadata.Uid ?? "";

    public bool IsBeingDeleted => Metadata.DeletionTimestamp is not null;

    /// <summary>Whether it waits for its dependents to go first.</summary>
    public bool WaitsForDependents => IsBeingDeleted && Metadata.Finalizers?.Contains(ForegroundFinalizer) == true;

    /// <summary>Whether its dependents are to be set free before it goes.</summary>
    public bool FreesDependents => IsBeingDeleted && Metadata.Finalizers?.Contains(OrphanFinalizer) == true;

    public string Path => Type.Object(Metadata.NamespaceProperty, Metadata.Name ?? "");
}
