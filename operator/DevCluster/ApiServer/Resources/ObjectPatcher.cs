using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Apply;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.Patching;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Patches objects, by all four kinds of patch.</summary>
internal sealed class ObjectPatcher(ObjectStore store, ObjectWriter writer, AccessGate gate, StrategyContext context)
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    /// <returns>The object, and whether this patch created it.</returns>
    public async ValueTask<(StoredObject Object, bool Created)> PatchAsync(WriteRequest request, RequestBody body, CancellationToken cancellationToken)
    {
        if (body.MediaType == Apply)
        {
            return await ApplyConfigurationAsync(request, body, cancellationToken);
        }

        var duplicates = new List<string>();
        var patch = Parse(request.Kind, body, duplicates);
        var result = await writer.UpdateAsync(
            request,
            current =>
            {
                var patched = Patched(current, patch, body.MediaType, request);
                ObjectDecoder.DecodePatched(patched, request, duplicates);
                return patched;
            },
            cancellationToken);
        return (result, false);
    }

    /// <summary>Reads a patch, checking that the kind takes its type.</summary>
    public static JsonNode Parse(ResourceKind kind, RequestBody body, ICollection<string>? duplicates)
    {
        var types = kind.Custom ? $"{Json}, {Merge}, {Apply}" : $"{Json}, {Merge}, {Strategic}, {Apply}";
        if (!types.Split(", ").Contains(body.MediaType))
        {
            throw kind.Custom ? ApiErrors.UnsupportedMediaType(types) : ApiErrors.UnsupportedPatch();
        }

        var patch = body.ParsePatch(duplicates);
        return body.MediaType == Json
            ? patch as JsonArray ?? throw Undecodable(patch, "[]handlers.jsonPatchOp")
            : patch as JsonObject ?? throw Undecodable(patch, "map[string]interface {}");
    }

    private static ApiException Undecodable(JsonNode? patch, string type)
    {
        var given = patch switch { JsonObject => "object", JsonArray => "array", null => "null", _ => "value" };
        return ApiErrors.BadRequest($"error decoding patch: json: cannot unmarshal {given} into Go value of type {type}");
    }

    /// <summary>What a parsed patch makes of a document.</summary>
    public static JsonObject Patched(JsonObject current, JsonNode patch, string mediaType, SchemaNode schema)
    {
        switch (mediaType)
        {
            case Json:
                return JsonPatch.Apply(current, (JsonArray)patch) as JsonObject ?? throw new PatchException("the result of the patch is not an object");
            case Merge:
                return (JsonObject)MergePatch.Apply(current, patch)!;
            default:
                StrategicMergePatch.Apply(current, (JsonObject)patch, schema);
                return current;
        }
    }

    private static JsonObject Patched(JsonObject current, JsonNode patch, string mediaType, WriteRequest request)
    {
        try
        {
            return Patched(current, patch, mediaType, request.Kind.Schema);
        }
        catch (PatchException exception) when (mediaType == Strategic)
        {
            throw ApiErrors.Internal(exception.Message);
        }
        catch (PatchException)
        {
            throw ApiErrors.PatchRejected();
        }
    }

    private async ValueTask<(StoredObject Object, bool Created)> ApplyConfigurationAsync(
        WriteRequest request, RequestBody body, CancellationToken cancellationToken)
    {
        var (kind, config) = (request.Kind, ReadConfiguration(request, body));
        while (true)
        {
            if (store.Get(kind.Storage, request.Key) is not null)
            {
                return (await writer.UpdateAsync(request, current => Applied(current, config, request), cancellationToken, applied: true), false);
            }

            if (request.Subresource.Length > 0)
            {
                throw ApiErrors.NotFound(kind, request.Name!);
            }

            gate.RequireCreate(request);
            if (config.Uid() is { Length: > 0 })
            {
                throw ApiErrors.Conflict(
                    kind, request.Name!, "uid mismatch: the provided object specified uid " + config.Uid() + ", and no existing object was found");
            }

            try
            {
                return (await writer.CreateAsync(request, Applied(null, config, request), cancellationToken, applied: true), true);
            }
            catch (ApiException exception) when (exception.Status.StringAt("reason") == "AlreadyExists")
            {
                // Someone else created it first.
            }
        }
    }

    private static JsonObject ReadConfiguration(WriteRequest request, RequestBody body)
    {
        var duplicates = new List<string>();
        if (body.Parse(isYaml: true, duplicates) is not JsonObject config)
        {
            throw ApiErrors.BadRequest("the applied configuration must be an object");
        }

        if (duplicates.Count > 0 && request.Options.FieldValidation == FieldValidation.Strict)
        {
            throw ApiErrors.BadRequest($"error strict decoding YAML: duplicate field \"{duplicates[0]}\"");
        }

        if (config.ArrayAt("metadata", "managedFields") is { Count: > 0 })
        {
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        }

        if (config.StringAt("apiVersion") is not { Length: > 0 } || config.StringAt("kind") is not { Length: > 0 })
        {
            var (group, version) = config.StringAt("apiVersion")?.Split('/') is [var named, var of] ? (named, of) : ("", config.StringAt("apiVersion") ?? "");
            throw ApiErrors.BadRequest($"invalid object type: {group}/{version}, Kind={config.StringAt("kind")}");
        }

        var typed = config.Copy();
        ObjectDecoder.Decode(typed, request with { Options = request.Options with { FieldValidation = FieldValidation.Ignore } }, []);
        // Unknown fields are left in, for the field manager to refuse by name.
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind", "metadata"])
        {
            config[name] = typed[name]?.DeepClone();
        }

        LeaveOut(config, request);
        Normalize(config, request);
        return config;
    }

    private JsonObject Applied(JsonObject? live, JsonObject config, WriteRequest request) => FieldManager.Apply(
        live, config, request.Kind, request.Options.FieldManager, request.Subresource, request.Options.Force, context.Now);

    private static void Normalize(JsonObject config, WriteRequest request)
    {
        if (request.Kind.Custom)
        {
            return;
        }

        if (Validation.BuiltInDecoder.Normalize(config, request.Kind.Schema, "") is { } mismatch)
        {
            throw ApiErrors.BadRequest($"failed to create typed patch object ({request.Namespace}/{request.Name}; {request.Kind.ApiVersion}, Kind={request.Kind.Kind}): {mismatch}");
        }
    }

    // A configuration owns only the part of the object that its door writes.
    private static void LeaveOut(JsonObject config, WriteRequest request)
    {
        if (!request.Kind.HasStatus)
        {
            return;
        }

        if (request.Subresource.Length == 0)
        {
            config.Remove("status");
            return;
        }

        foreach (var name in config.Select(field => field.Key).ToArray())
        {
            if (name is not ("apiVersion" or "kind" or "metadata" or "status"))
            {
                config.Remove(name);
            }
        }

        foreach (var name in config.Metadata().Select(field => field.Key).ToArray())
        {
            if (name is not ("name" or "namespace" or "uid" or "resourceVersion"))
            {
                config.Metadata().Remove(name);
            }
        }
    }
}
