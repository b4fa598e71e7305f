using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>The rules for metadata that hold for every kind.</summary>
internal static class MetadataValidator
{
    public static IEnumerable<FieldError> Check(ResourceKind kind, JsonObject obj, JsonObject? old)
    {
        var name = obj.Name();
        if (kind.IsVirtual)
        {
            yield break;
        }

        if (name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
        }
        else if (old is null && (kind.Group == "rbac.authorization.k8s.io" ? NameRules.PathSegment(name) : NameRules.Subdomain(name)) is { } problem)
        {
            yield return FieldError.Invalid("metadata.name", ValueText.Of(name), problem);
        }

        foreach (var (key, value) in obj.ObjectAt("metadata", "labels") ?? [])
        {
            if (NameRules.QualifiedName(key) is { } wrongKey)
            {
                yield return FieldError.Invalid("metadata.labels", ValueText.Of(key), wrongKey);
            }

            if (NameRules.LabelValue(value?.ToString() ?? "") is { } wrongValue)
            {
                yield return FieldError.Invalid("metadata.labels", ValueText.Of(value), wrongValue);
            }
        }

        foreach (var (key, _) in obj.ObjectAt("metadata", "annotations") ?? [])
        {
            if (NameRules.QualifiedName(key.ToLowerInvariant()) is { } wrongKey)
            {
                yield return FieldError.Invalid("metadata.annotations", ValueText.Of(key), wrongKey);
            }
        }

        if (old is null)
        {
            yield break;
        }

        foreach (var field in (string[])["name", "namespace", "uid", "creationTimestamp"])
        {
            if (!JsonNode.DeepEquals(obj.At("metadata", field), old.At("metadata", field)))
            {
                yield return FieldError.Invalid($"metadata.{field}", ValueText.Of(obj.At("metadata", field)), "field is immutable");
            }
        }
    }
}
