using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Apply;
using ModelOperator.DevCluster.ApiServer.CustomResources;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.Storage;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Creates and updates objects: default, validate, keep what the server owns, record field ownership, compare and swap.</summary>
internal sealed class ObjectWriter(ObjectStore store, StrategyContext context, CustomResourceRegistrar customResources)
{
    private const int MaxAttempts = 50;
    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    public JsonObject Create(WriteRequest request, JsonObject obj, bool applied = false)
    {
        var kind = request.Kind;
        var metadata = obj.Metadata();
        if (obj.ResourceVersion() is not null)
        {
            throw ApiErrors.BadRequest("resourceVersion should not be set on objects to be created");
        }

        if (obj.Name().Length == 0 && obj.StringAt("metadata", "generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = $"{prefix[..Math.Min(prefix.Length, 58)]}{RandomNumberGenerator.GetString(NameAlphabet, 5)}";
        }

        if (kind.Namespaced)
        {
            CheckNamespace(request);
        }

        foreach (var field in (ReadOnlySpan<string>)["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"])
        {
            metadata.Remove(field);
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = context.Now;
        if (kind.HasGeneration)
        {
            metadata["generation"] = 1L;
        }
        else
        {
            metadata.Remove("generation");
        }

        if (kind.HasStatus && !kind.Strategy.KeepsStatusOnCreate)
        {
            obj.Remove("status");
        }

        Default(kind, obj);
        if (!applied)
        {
            FieldManager.Update(null, obj, kind, request.Options.FieldManager, request.Subresource, context.Now);
        }

        kind.Strategy.PrepareForCreate(obj, context);
        Validate(kind, obj, null);
        var key = new ObjectKey(request.Namespace ?? "", obj.Name());
        var stored = ToStorage(kind, obj);
        if (store.Get(kind.Storage, key) is not null)
        {
            throw ApiErrors.AlreadyExists(kind, obj.Name());
        }

        if (request.Options.DryRun)
        {
            return stored;
        }

        if (store.TryCommit(kind.Storage, key, null, stored) is not { } committed)
        {
            throw ApiErrors.AlreadyExists(kind, obj.Name());
        }

        customResources.Committed(kind, committed.Content);
        return committed.Content;
    }

    /// <summary>Updates an object with what <paramref name="change"/> makes of the current one, again when someone else writes in between.</summary>
    /// <param name="request">What is written.</param>
    /// <param name="change">Gets the current object, in the version of the request and free to change.</param>
    /// <param name="applied">Field ownership is recorded already.</param>
    public JsonObject Update(WriteRequest request, Func<JsonObject, JsonObject> change, bool applied = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = store.Get(request.Kind.Storage, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Name!);
            var old = ObjectView.Of(current.Content, request.Kind);
            var next = change(old.Copy());
            Prepare(request, old, next, applied);
            if (Commit(request, current, next) is { } result)
            {
                return result;
            }

            if (attempt == MaxAttempts)
            {
                throw ApiErrors.Conflict(request.Kind, request.Name!);
            }
        }
    }

    /// <summary>Gives a pod to a node, once.</summary>
    public void Bind(WriteRequest request, string node, DateTimeOffset now) => Transact(request, pod =>
    {
        if (pod.StringAt("spec", "nodeName") is { Length: > 0 } bound)
        {
            throw ApiErrors.Conflict(request.Kind, request.Name!, $"pod {request.Name} is already assigned to node \"{bound}\"");
        }

        if (pod.IsBeingDeleted())
        {
            throw ApiErrors.Conflict(request.Kind, request.Name!, $"pod {request.Name} is being deleted, cannot be assigned to a host");
        }

        pod.Ensure("spec")["nodeName"] = node;
        var status = pod.Ensure("status");
        var conditions = status["conditions"] as JsonArray ?? [];
        conditions.RemoveAll(condition => condition.StringAt("type") == "PodScheduled");
        conditions.Add(new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        });
        if (status["conditions"] is null)
        {
            status["conditions"] = conditions;
        }
    });

    /// <summary>Sets the finalizers of a namespace's spec; without any, a deleted namespace goes.</summary>
    public JsonObject FinalizeNamespace(WriteRequest request, JsonArray finalizers) =>
        Transact(request, ns => ns.Ensure("spec")["finalizers"] = finalizers.DeepClone());

    private JsonObject Transact(WriteRequest request, Action<JsonObject> change)
    {
        while (true)
        {
            var current = store.Get(request.Kind.Storage, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Name!);
            var next = current.Content.Copy();
            change(next);
            if (Commit(request, current, next) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>Stores a change that the server itself makes, with no more ado.</summary>
    /// <returns>The result, or null when someone else wrote first.</returns>
    public JsonObject? Commit(WriteRequest request, StoredObject current, JsonObject next)
    {
        var kind = request.Kind;
        var stored = ToStorage(kind, next);
        var finished = IsFinished(stored);
        if (!finished && JsonNode.DeepEquals(stored, current.Content))
        {
            return current.Content;
        }

        if (request.Options.DryRun)
        {
            return stored;
        }

        var committed = finished
            ? store.TryDelete(kind.Storage, current, stored)
            : store.TryCommit(kind.Storage, current.Key, current, stored);
        if (committed is null)
        {
            return null;
        }

        if (finished)
        {
            customResources.Deleted(kind, committed.Content);
        }
        else
        {
            customResources.Committed(kind, committed.Content);
        }

        return committed.Content;
    }

    private void Prepare(WriteRequest request, JsonObject old, JsonObject next, bool applied)
    {
        var kind = request.Kind;
        var (metadata, before) = (next.Metadata(), old.Metadata());
        if (next.ResourceVersion() is { } version && version != old.ResourceVersion())
        {
            throw ApiErrors.Conflict(kind, old.Name());
        }

        if (next.Uid() is { Length: > 0 } uid && uid != old.Uid())
        {
            throw ApiErrors.Conflict(
                kind, old.Name(), $"StorageError: invalid object, Code: 4, Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid()}");
        }

        foreach (var field in (ReadOnlySpan<string>)["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion", "generateName"])
        {
            if (before[field] is { } value)
            {
                metadata[field] = value.DeepClone();
            }
            else
            {
                metadata.Remove(field);
            }
        }

        KeepOtherParts(request, old, next);
        Default(kind, next);
        kind.Strategy.PrepareForUpdate(next, old, context);
        if (!applied)
        {
            FieldManager.Update(old, next, kind, request.Options.FieldManager, request.Subresource, context.Now);
        }

        if (request.Subresource != "finalize")
        {
            Validate(kind, next, old);
        }

        if (kind.HasGeneration && !SameDesire(old, next))
        {
            metadata["generation"] = (before["generation"].AsInteger() ?? 0) + 1;
        }
    }

    // The object and its status are written through different doors.
    private static void KeepOtherParts(WriteRequest request, JsonObject old, JsonObject next)
    {
        if (!request.Kind.HasStatus)
        {
            return;
        }

        if (request.Subresource == "status")
        {
            foreach (var name in next.Select(field => field.Key).ToArray())
            {
                if (name is not ("metadata" or "status"))
                {
                    next.Remove(name);
                }
            }

            foreach (var (name, value) in old)
            {
                if (name is not ("metadata" or "status"))
                {
                    next[name] = value?.DeepClone();
                }
            }

            var managedFields = next.At("metadata", "managedFields")?.DeepClone();
            next["metadata"] = old["metadata"]!.DeepClone();
            if (managedFields is not null)
            {
                next.Metadata()["managedFields"] = managedFields;
            }
        }
        else if (old["status"] is { } status)
        {
            next["status"] = status.DeepClone();
        }
        else
        {
            next.Remove("status");
        }
    }

    private static bool SameDesire(JsonObject old, JsonObject next)
    {
        foreach (var name in old.Select(field => field.Key).Union(next.Select(field => field.Key)))
        {
            if (name is not ("metadata" or "status" or "apiVersion" or "kind") && !JsonNode.DeepEquals(old[name], next[name]))
            {
                return false;
            }
        }

        return true;
    }

    private static void Default(ResourceKind kind, JsonObject obj)
    {
        if (kind.Custom)
        {
            SchemaDefaulter.Apply(obj, kind.Schema);
        }

        kind.Strategy.Default(obj);
    }

    private static void Validate(ResourceKind kind, JsonObject obj, JsonObject? old)
    {
        var errors = MetadataValidator.Check(kind, obj, old).Concat(kind.Strategy.Validate(obj, old)).ToList();
        if (kind.Custom)
        {
            errors.AddRange(SchemaValidator.Check(obj, old, kind.Schema, kind.RuleSchema));
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(kind, obj.Name(), errors);
        }
    }

    private void CheckNamespace(WriteRequest request)
    {
        var ns = store.Get("namespaces", new ObjectKey("", request.Namespace!))
            ?? throw ApiErrors.NotFound(BuiltInKinds.Namespace, request.Namespace!);
        if (ns.Content.IsBeingDeleted())
        {
            throw ApiErrors.Forbidden(
                request.Kind, request.Name ?? "", $"unable to create new content in namespace {request.Namespace} because it is being terminated");
        }
    }

    private static JsonObject ToStorage(ResourceKind kind, JsonObject obj) => kind.ToStorage is { } convert ? convert(obj) : obj;

    // A namespace also waits for its contents, and a pod for its node.
    private static bool IsFinished(JsonObject obj) =>
        obj.IsBeingDeleted()
        && !obj.HasFinalizers()
        && (obj.IntegerAt("metadata", "deletionGracePeriodSeconds") ?? 0) == 0
        && !(obj.StringAt("kind") == "Namespace" && obj.ArrayAt("spec", "finalizers") is { Count: > 0 });
}
