using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Admission;
using ModelOperator.DevCluster.ApiServer.Apply;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.Storage;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Creates and updates objects: default, record field ownership, admit, validate, compare and swap.</summary>
internal sealed class ObjectWriter(
    ObjectStore store, ObjectCommitter committer, IAdmission admission, AccessReviews reviews, StrategyContext context)
{
    private const int MaxAttempts = 50;
    private const int MaxGeneratedPrefix = 58;
    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <param name="request">What is written.</param>
    /// <param name="obj">The object, free to change.</param>
    /// <param name="cancellationToken">The client left.</param>
    /// <param name="applied">Field ownership is recorded already.</param>
    public async ValueTask<StoredObject> CreateAsync(WriteRequest request, JsonObject obj, CancellationToken cancellationToken, bool applied = false)
    {
        var kind = request.Kind;
        if (obj.ResourceVersion() is not null)
        {
            throw ApiErrors.Internal("resourceVersion should not be set on objects to be created");
        }

        CheckPlace(request, obj);
        Begin(kind, obj);
        Default(kind, obj);
        if (!applied)
        {
            FieldManager.Update(null, obj, kind, request.Options.FieldManager, request.Subresource, context.Now);
        }

        obj = await MutateAsync(new AdmissionRequest(AdmissionOperation.Create, request, obj, null), cancellationToken);
        kind.Strategy.PrepareForCreate(obj, context);
        Validate(kind, obj, null);
        if (request.Kind.IsVirtual)
        {
            reviews.Answer(request, obj);
            return new StoredObject(request.Key, 0, obj);
        }

        await admission.ValidateAsync(new AdmissionRequest(AdmissionOperation.Create, request, obj, null), cancellationToken);
        return committer.TryCreate(request, obj) ?? throw ApiErrors.AlreadyExists(kind, obj.Name());
    }

    /// <summary>Updates an object with what <paramref name="change"/> makes of the current one, again when someone else writes in between.</summary>
    /// <param name="request">What is written.</param>
    /// <param name="change">Gets the current object, in the version of the request and free to change.</param>
    /// <param name="cancellationToken">The client left.</param>
    /// <param name="applied">Field ownership is recorded already.</param>
    public async ValueTask<StoredObject> UpdateAsync(
        WriteRequest request, Func<JsonObject, JsonObject> change, CancellationToken cancellationToken, bool applied = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = store.Get(request.Kind.Storage, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Name!);
            var old = ObjectView.Of(current, request.Kind);
            var next = change(ObjectView.Copy(current, request.Kind));
            next = await PrepareAsync(request, old, next, applied, cancellationToken);
            if (committer.TryCommit(request, current, next) is { } result)
            {
                return result;
            }

            if (attempt == MaxAttempts)
            {
                throw ApiErrors.Conflict(request.Kind, request.Name!);
            }
        }
    }

    /// <summary>Makes a change that the server itself decides on, with no more ado.</summary>
    /// <param name="request">What is written.</param>
    /// <param name="change">Changes the current object in place, or throws.</param>
    public StoredObject Transact(WriteRequest request, Action<JsonObject> change)
    {
        while (true)
        {
            var current = store.Get(request.Kind.Storage, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Name!);
            var next = current.Copy();
            change(next);
            if (committer.TryCommit(request, current, next) is { } result)
            {
                return result;
            }
        }
    }

    private void Begin(ResourceKind kind, JsonObject obj)
    {
        var metadata = obj.Metadata();
        if (obj.Name().Length == 0 && obj.StringAt("metadata", "generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = $"{prefix[..Math.Min(prefix.Length, MaxGeneratedPrefix)]}{RandomNumberGenerator.GetString(NameAlphabet, 5)}";
        }

        foreach (var field in (ReadOnlySpan<string>)["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"])
        {
            metadata.Remove(field);
        }

        metadata["creationTimestamp"] = context.Now;
        if (kind.IsVirtual)
        {
            return;
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        if (kind.HasGeneration)
        {
            metadata["generation"] = 1L;
        }

        if (kind.HasStatus && !kind.Strategy.KeepsStatusOnCreate)
        {
            obj.Remove("status");
        }
    }

    private async ValueTask<JsonObject> PrepareAsync(
        WriteRequest request, JsonObject old, JsonObject next, bool applied, CancellationToken cancellationToken)
    {
        var kind = request.Kind;
        CheckPreconditions(request, old, next);
        KeepServerOwned(request, old, next);
        Default(kind, next);
        kind.Strategy.PrepareForUpdate(next, old, context);
        if (!applied)
        {
            FieldManager.Update(old, next, kind, request.Options.FieldManager, request.Subresource, context.Now);
        }

        next = await MutateAsync(new AdmissionRequest(AdmissionOperation.Update, request, next, old), cancellationToken);
        KeepServerOwned(request, old, next);
        Validate(kind, next, old);
        if (kind.HasGeneration && !PartsOfObject.SameDesire(old, next))
        {
            next.Metadata()["generation"] = (old.IntegerAt("metadata", "generation") ?? 0) + 1;
        }

        await admission.ValidateAsync(new AdmissionRequest(AdmissionOperation.Update, request, next, old), cancellationToken);
        return next;
    }

    private async ValueTask<JsonObject> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var mutated = await admission.MutateAsync(request, cancellationToken);
        if (!ReferenceEquals(mutated, request.Object))
        {
            Default(request.Write.Kind, mutated);
        }

        return mutated;
    }

    private static void CheckPreconditions(WriteRequest request, JsonObject old, JsonObject next)
    {
        if (next.ResourceVersion() is { } version && version != old.ResourceVersion())
        {
            throw ApiErrors.Conflict(request.Kind, old.Name());
        }

        if (next.Uid() is { Length: > 0 } uid && uid != old.Uid())
        {
            throw ApiErrors.Conflict(
                request.Kind, old.Name(), $"StorageError: invalid object, Code: 4, Key: /registry/{request.Kind.Plural}/{request.Key}, ResourceVersion: 0, "
                + $"AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid()}");
        }
    }

    private static void KeepServerOwned(WriteRequest request, JsonObject old, JsonObject next)
    {
        var (metadata, before) = (next.Metadata(), old.Metadata());
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

        PartsOfObject.KeepOthers(request, old, next);
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

    private void CheckPlace(WriteRequest request, JsonObject obj)
    {
        if (request.Kind.IsEnding)
        {
            throw ApiErrors.MethodNotAllowed("create not allowed while custom resource definition is terminating");
        }

        if (!request.Kind.Namespaced)
        {
            return;
        }

        var ns = store.Get("namespaces", new ObjectKey("", request.Namespace!))
            ?? throw ApiErrors.NotFound(BuiltInKinds.Namespace, request.Namespace!);
        if (ns.Content.IsBeingDeleted())
        {
            throw ApiErrors.NamespaceTerminating(request.Kind, obj.Name(), request.Namespace!);
        }
    }
}
