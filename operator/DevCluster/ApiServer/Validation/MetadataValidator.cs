using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>The rules for metadata that hold for every kind.</summary>
internal static class MetadataValidator
{
    private const int MaxAnnotations = 256 * 1024;

    private static readonly string[] StandardFinalizers = ["orphan", "foregroundDeletion", "kubernetes"];

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
        else if (old is null && kind.NameRule(name) is { } problem)
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

        if ((obj.ObjectAt("metadata", "annotations") ?? []).Sum(annotation => annotation.Key.Length + (annotation.Value?.ToString().Length ?? 0)) > MaxAnnotations)
        {
            yield return FieldError.TooLong("metadata.annotations", MaxAnnotations);
        }

        foreach (var error in Owners(obj).Concat(Finalizers(obj, old)))
        {
            yield return error;
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

    private static IEnumerable<FieldError> Owners(JsonObject obj)
    {
        var owners = obj.ArrayAt("metadata", "ownerReferences")?.OfType<JsonObject>().ToList() ?? [];
        foreach (var owner in owners)
        {
            foreach (var field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (owner.StringAt(field) is not { Length: > 0 })
                {
                    yield return FieldError.Invalid($"metadata.ownerReferences.{field}", "\"\"", field == "apiVersion" ? "version must not be empty" : "must not be empty");
                }
            }
        }

        var controllers = owners.Where(owner => owner.BooleanAt("controller")).Select(owner => $"{owner.StringAt("kind")}/{owner.StringAt("name")}").ToList();
        if (controllers.Count > 1)
        {
            yield return FieldError.Invalid(
                "metadata.ownerReferences",
                ValueText.Of(obj.At("metadata", "ownerReferences")),
                $"Only one reference can have Controller set to true. Found \"true\" in references for {controllers[0]} and {controllers[1]}");
        }
    }

    private static IEnumerable<FieldError> Finalizers(JsonObject obj, JsonObject? old)
    {
        var finalizers = Texts(obj.ArrayAt("metadata", "finalizers"));
        for (var i = 0; i < finalizers.Count; i++)
        {
            var path = $"metadata.finalizers[{i}]";
            if (NameRules.QualifiedName(finalizers[i]) is { } problem)
            {
                yield return FieldError.Invalid(path, ValueText.Of(finalizers[i]), problem);
            }
            else if (!finalizers[i].Contains('/') && !StandardFinalizers.Contains(finalizers[i]))
            {
                yield return FieldError.Invalid(
                    path, ValueText.Of(finalizers[i]), "name is neither a standard finalizer name nor is it fully qualified");
            }
        }

        var added = finalizers.Except(Texts(old.ArrayAt("metadata", "finalizers"))).ToList();
        if (old?.IsBeingDeleted() == true && added.Count > 0)
        {
            yield return FieldError.Forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers "
                + $"[]string{{{string.Join(", ", added.Select(finalizer => $"\"{finalizer}\""))}}}");
        }
    }

    private static List<string> Texts(JsonArray? list) => [.. (list ?? []).Select(item => item.StringOrNull() ?? "")];
}
