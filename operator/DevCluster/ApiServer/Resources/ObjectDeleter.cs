using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Admission;
using ModelOperator.DevCluster.ApiServer.CustomResources;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Deletes objects: at once, or marked for whoever has to finish first (finalizers, a node, a namespace's contents).</summary>
internal sealed class ObjectDeleter(ObjectStore store, ObjectCommitter committer, IAdmission admission, TimeProvider time)
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    /// <returns>The object, and whether it is gone.</returns>
    public async ValueTask<(StoredObject Object, bool Gone)> DeleteAsync(WriteRequest request, DeleteOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = store.Get(request.Kind.Storage, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Name!);
            CheckPreconditions(request, options, current.Content);
            if (request.Kind == BuiltInKinds.Namespace && request.Name is "default" or "kube-system" or "kube-public")
            {
                throw ApiErrors.Forbidden(request.Kind, request.Name, "this namespace may not be deleted");
            }

            var seen = ObjectView.Of(current, request.Kind);
            await admission.MutateAsync(new AdmissionRequest(AdmissionOperation.Delete, request, null, seen), cancellationToken);
            await admission.ValidateAsync(new AdmissionRequest(AdmissionOperation.Delete, request, null, seen), cancellationToken);
            if (TryDelete(request, options, current) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>Deletes an object that the server itself wants gone; no webhook is asked.</summary>
    public void DeleteNow(ResourceKind kind, ObjectKey key)
    {
        var request = new WriteRequest(kind, kind.Namespaced ? key.Namespace : null, key.Name, "", WriteOptions.Internal);
        while (store.Get(kind.Storage, key) is { } current && TryDelete(request, DeleteOptions.Default, current) is null)
        {
            // Someone else wrote first.
        }
    }

    /// <returns>Null when someone else wrote first.</returns>
    private (StoredObject Object, bool Gone)? TryDelete(WriteRequest request, DeleteOptions options, StoredObject current)
    {
        var next = current.Copy();
        Mark(request, next, options);
        CustomResourceRegistrar.BeginDeletion(request.Kind, next, time.GetUtcNow());
        var gone = ObjectCommitter.IsFinished(next);
        var result = gone
            ? committer.TryDelete(request, current, request.Kind.Strategy.IsGraceful ? next : current.Copy())
            : committer.TryCommit(request, current, next);
        return result is null ? null : (result, gone);
    }

    private void Mark(WriteRequest request, JsonObject obj, DeleteOptions options)
    {
        var (kind, metadata) = (request.Kind, obj.Metadata());
        var grace = kind.Strategy.GracePeriodSeconds(obj, options.GracePeriodSeconds);
        SetPropagationFinalizer(metadata, options.PropagationPolicy ?? kind.Strategy.DefaultPropagationPolicy);
        if (obj.IsBeingDeleted())
        {
            // A later delete may shorten the wait, never lengthen it.
            if (metadata["deletionGracePeriodSeconds"].AsInteger() is not { } left || grace >= left)
            {
                return;
            }
        }
        else if (kind.HasGeneration)
        {
            metadata["generation"] = (metadata["generation"].AsInteger() ?? 0) + 1;
        }

        var at = time.GetUtcNow().AddSeconds(grace).UtcDateTime;
        metadata["deletionTimestamp"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        metadata["deletionGracePeriodSeconds"] = grace;
        if (kind is { Kind: "Namespace", Group: "" })
        {
            obj.Ensure("status")["phase"] = "Terminating";
        }
    }

    // The garbage collector acts on these and takes them away. Without a policy, what an earlier delete or a user has set stays.
    private static void SetPropagationFinalizer(JsonObject metadata, string? policy)
    {
        if (policy is null)
        {
            return;
        }

        var wanted = policy switch { "Foreground" => Foreground, "Orphan" => Orphan, _ => null };
        var list = metadata["finalizers"] as JsonArray ?? [];
        list.RemoveAll(item => item.StringOrNull() is Foreground or Orphan && item.StringOrNull() != wanted);
        if (wanted is not null && !list.Any(item => item.StringOrNull() == wanted))
        {
            list.Add(wanted);
        }

        if (list.Count == 0)
        {
            metadata.Remove("finalizers");
        }
        else if (list.Parent is null)
        {
            metadata["finalizers"] = list;
        }
    }

    private static void CheckPreconditions(WriteRequest request, DeleteOptions options, JsonObject obj)
    {
        if (options.Uid is { Length: > 0 } uid && uid != obj.Uid())
        {
            throw ApiErrors.DeleteConflict(
                request.Kind,
                request.Name!,
                $"the UID in the precondition ({uid}) does not match the UID in record ({obj.Uid()}). The object might have been deleted and then recreated");
        }

        if (options.ResourceVersion is { Length: > 0 } version && version != obj.ResourceVersion())
        {
            throw ApiErrors.DeleteConflict(
                request.Kind,
                request.Name!,
                $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({obj.ResourceVersion()}). The object might have been modified");
        }
    }
}
