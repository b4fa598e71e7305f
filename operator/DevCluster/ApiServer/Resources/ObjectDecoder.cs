using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Makes an object from a client fit the schema of its kind: pruned, typed and complete in apiVersion, kind and namespace.</summary>
internal static class ObjectDecoder
{
    /// <param name="obj">The object, changed in place.</param>
    /// <param name="request">Where it is written.</param>
    /// <param name="duplicates">Paths of fields that were given twice.</param>
    /// <exception cref="ApiException">The object is of another kind, or has fields that it may not have.</exception>
    public static void Decode(JsonObject obj, WriteRequest request, IReadOnlyCollection<string> duplicates)
    {
        var kind = request.Kind;
        CheckType(obj, request);
        var problems = duplicates.Select(path => $"duplicate field \"{path}\"").ToList();
        var unknown = new List<string>();
        UnknownFieldPruner.Prune(obj, kind.Schema, "", unknown);
        problems.AddRange(unknown.Select(path => $"unknown field \"{path}\""));
        if (problems.Count > 0 && request.Options.FieldValidation == FieldValidation.Strict)
        {
            throw ApiErrors.BadRequest($"{CannotHandle(request)}: strict decoding error: {string.Join(", ", problems)}");
        }

        if (request.Options.FieldValidation == FieldValidation.Warn)
        {
            request.Options.Warnings.AddRange(problems);
        }

        if (!kind.Custom && BuiltInDecoder.Normalize(obj, kind.Schema, "") is { } mismatch)
        {
            throw ApiErrors.BadRequest($"{CannotHandle(request)}: {mismatch}");
        }
    }

    /// <summary>As <see cref="Decode"/>, for the result of a patch, whose faults are the patch's.</summary>
    public static void DecodePatched(JsonObject obj, WriteRequest request, IReadOnlyCollection<string> duplicates)
    {
        var text = obj.ToJsonString();
        try
        {
            Decode(obj, request, duplicates);
        }
        catch (ApiException exception) when (exception.Message.StartsWith(CannotHandle(request) + ": ", StringComparison.Ordinal))
        {
            throw ApiErrors.PatchInvalid(text, exception.Message[(CannotHandle(request).Length + 2)..]);
        }
    }

    private static string CannotHandle(WriteRequest request) =>
        $"{request.Kind.Kind} in version \"{request.Kind.Version}\" cannot be handled as a {request.Kind.Kind}";

    private static void CheckType(JsonObject obj, WriteRequest request)
    {
        var kind = request.Kind;
        if (kind.Custom && obj.StringAt("kind") is not { Length: > 0 })
        {
            throw ApiErrors.BadRequest($"Object 'Kind' is missing in '{ValueText.Of(obj)}'");
        }

        obj.SetDefault("apiVersion", kind.ApiVersion);
        obj.SetDefault("kind", kind.Kind);
        var (version, name) = (obj.StringAt("apiVersion"), obj.StringAt("kind"));
        if (version != kind.ApiVersion)
        {
            throw ApiErrors.BadRequest(
                kind.Custom
                    ? $"the API version in the data ({version}) does not match the expected API version ({kind.ApiVersion})"
                    : $"{name} in version \"{version?.Split('/')[^1]}\" cannot be handled as a {kind.Kind}: no kind \"{name}\" is registered for "
                      + $"version \"{version}\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"");
        }

        if (name != kind.Kind && kind.Custom)
        {
            throw ApiErrors.Invalid(
                kind.Group, name ?? "", obj.Name(), [Schemas.FieldError.Invalid("kind", ValueText.Of(name), $"must be {kind.Kind}")]);
        }

        if (name != kind.Kind)
        {
            throw ApiErrors.BadRequest(
                $"{name} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: converting ({kind.Version}.{name}) to "
                + $"({(kind.Group.Length == 0 ? "core" : kind.Group)}.{kind.Kind}): unknown conversion");
        }

        if (obj["metadata"] is null)
        {
            obj["metadata"] = new JsonObject();
        }

        if (obj["metadata"] is not JsonObject metadata)
        {
            throw ApiErrors.BadRequest($"{CannotHandle(request)}: metadata must be an object");
        }

        if (kind.Namespaced)
        {
            metadata.SetDefault("namespace", request.Namespace);
        }
        else
        {
            metadata.Remove("namespace");
        }

        if (kind.Namespaced && obj.NamespaceName() != request.Namespace)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (request.Name is null)
        {
            return;
        }

        metadata.SetDefault("name", request.Name);
        if (obj.Name() != request.Name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({obj.Name()}) does not match the name on the URL ({request.Name})");
        }
    }
}
