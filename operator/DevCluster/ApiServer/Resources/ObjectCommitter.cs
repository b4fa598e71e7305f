using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.CustomResources;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>The last step of every write: compare and swap, removal of what nobody waits for any more, and what a definition's write entails.</summary>
internal sealed class ObjectCommitter(ObjectStore store, CustomResourceRegistrar customResources)
{
    /// <returns>The object, or null when there is one of that name.</returns>
    public StoredObject? TryCreate(WriteRequest request, JsonObject obj)
    {
        var key = request.Key with { Name = obj.Name() };
        var stored = ToStorage(request.Kind, obj);
        if (request.Options.DryRun)
        {
            return store.Get(request.Kind.Storage, key) is null ? new StoredObject(key, 0, stored) : null;
        }

        if (store.TryCommit(request.Kind.Storage, key, null, stored) is not { } committed)
        {
            return null;
        }

        customResources.Committed(request.Kind, committed);
        return committed;
    }

    /// <returns>The result, or null when someone else wrote first.</returns>
    public StoredObject? TryCommit(WriteRequest request, StoredObject current, JsonObject next)
    {
        var kind = request.Kind;
        var stored = ToStorage(kind, next);
        var finished = IsFinished(stored);
        if (!finished && JsonNode.DeepEquals(stored, current.Content))
        {
            return current;
        }

        if (request.Options.DryRun)
        {
            return new StoredObject(current.Key, current.Revision, stored);
        }

        return finished ? TryDelete(request, current, stored) : TryUpdate(kind, current, stored);
    }

    /// <summary>Removes an object now.</summary>
    /// <returns>Its last state, or null when someone else wrote first.</returns>
    public StoredObject? TryDelete(WriteRequest request, StoredObject current, JsonObject lastState)
    {
        if (request.Options.DryRun)
        {
            return new StoredObject(current.Key, current.Revision, lastState);
        }

        if (store.TryDelete(request.Kind.Storage, current, lastState) is not { } deleted)
        {
            return null;
        }

        customResources.Deleted(request.Kind, deleted);
        return deleted;
    }

    // A namespace also waits for its contents, and a pod for its node.
    public static bool IsFinished(JsonObject obj) =>
        obj.IsBeingDeleted()
        && !obj.HasFinalizers()
        && (obj.IntegerAt("metadata", "deletionGracePeriodSeconds") ?? 0) == 0
        && !(obj.StringAt("kind") == "Namespace" && obj.ArrayAt("spec", "finalizers") is { Count: > 0 });

    private StoredObject? TryUpdate(ResourceKind kind, StoredObject current, JsonObject next)
    {
        if (store.TryCommit(kind.Storage, current.Key, current, next) is not { } committed)
        {
            return null;
        }

        customResources.Committed(kind, committed);
        return committed;
    }

    // Lists leave kind and apiVersion out of their items, so they stand where they are easily cut off.
    private static JsonObject ToStorage(ResourceKind kind, JsonObject obj)
    {
        var stored = kind.ToStorage is { } convert ? convert(obj) : obj;
        if (stored.IndexOf("kind") == 0 && stored.IndexOf("apiVersion") == 1)
        {
            return stored;
        }

        var (name, version) = (stored["kind"], stored["apiVersion"]);
        stored.Remove("kind");
        stored.Remove("apiVersion");
        stored.Insert(0, "kind", name);
        stored.Insert(1, "apiVersion", version);
        return stored;
    }
}
