using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Deletes objects: at once, or marked for whoever has to finish first (finalizers, a node, a namespace's contents).</summary>
internal sealed class ObjectDeleter(ObjectStore store, ObjectWriter writer, TimeProvider time)
{
    /// <returns>The object, and whether it is gone.</returns>
    public (JsonObject Object, bool Gone) Delete(WriteRequest request, DeleteOptions options)
    {
        while (true)
        {
            var current = store.Get(request.Kind.Storage, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Name!);
            CheckPreconditions(request, options, current.Content);
            var next = current.Content.Copy();
            Mark(request.Kind, next, options);
            if (writer.Commit(request, current, next) is not { } result)
            {
                continue;
            }

            var gone = request.Options.DryRun ? false : store.Get(request.Kind.Storage, request.Key)?.Content.Uid() != current.Content.Uid();
            return (ObjectView.Of(result, request.Kind), gone);
        }
    }

    private void Mark(ResourceKind kind, JsonObject obj, DeleteOptions options)
    {
        var metadata = obj.Metadata();
        var grace = kind.Strategy.GracePeriodSeconds(obj, options.GracePeriodSeconds);
        if (obj.IsBeingDeleted())
        {
            // A later delete may shorten the wait, never lengthen it.
            if (metadata["deletionGracePeriodSeconds"].AsInteger() is not { } left || grace >= left)
            {
                return;
            }
        }
        else
        {
            if (kind.HasGeneration)
            {
                metadata["generation"] = (metadata["generation"].AsInteger() ?? 0) + 1;
            }

            SetPropagationFinalizer(metadata, options.PropagationPolicy);
        }

        var at = time.GetUtcNow().AddSeconds(grace).UtcDateTime;
        metadata["deletionTimestamp"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        metadata["deletionGracePeriodSeconds"] = grace;
        if (kind is { Kind: "Namespace", Group: "" })
        {
            obj.Ensure("status")["phase"] = "Terminating";
        }
    }

    // The garbage collector acts on these and takes them away.
    private static void SetPropagationFinalizer(JsonObject metadata, string? policy)
    {
        var finalizer = policy switch { "Foreground" => "foregroundDeletion", "Orphan" => "orphan", _ => null };
        if (finalizer is null)
        {
            return;
        }

        if (metadata["finalizers"] is not JsonArray list)
        {
            metadata["finalizers"] = list = [];
        }

        if (!list.Any(item => item.StringOrNull() == finalizer))
        {
            list.Add(finalizer);
        }
    }

    private static void CheckPreconditions(WriteRequest request, DeleteOptions options, JsonObject obj)
    {
        if (options.Uid is { Length: > 0 } uid && uid != obj.Uid())
        {
            throw ApiErrors.Conflict(
                request.Kind, request.Name!, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {obj.Uid()}");
        }

        if (options.ResourceVersion is { Length: > 0 } version && version != obj.ResourceVersion())
        {
            throw ApiErrors.Conflict(
                request.Kind,
                request.Name!,
                $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {obj.ResourceVersion()}");
        }
    }
}
