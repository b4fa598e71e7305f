using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;
using ModelOperator.DevCluster.Cel.Validation;

namespace ModelOperator.DevCluster.ApiServer.CustomResources;

/// <summary>CustomResourceDefinitions are served in the same instant that they are stored, so their conditions are true from the start.</summary>
internal sealed class CustomResourceDefinitionStrategy : KindStrategy
{
    public override void Default(JsonObject obj)
    {
        var names = obj.Ensure("spec").Ensure("names");
        var kind = names.StringAt("kind") ?? "";
        names.SetDefault("singular", kind.ToLowerInvariant());
        names.SetDefault("listKind", $"{kind}List");
        obj.Ensure("spec").SetDefault("conversion", new JsonObject { ["strategy"] = "None" });
    }

    public override void PrepareForCreate(JsonObject obj, StrategyContext context) => obj["status"] = Status(obj, context.Now);

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, StrategyContext context)
    {
        var status = Status(obj, context.Now);
        if (old.At("status", "conditions") is { } conditions)
        {
            status["conditions"] = conditions.DeepClone();
        }

        obj["status"] = status;
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        var spec = obj.ObjectAt("spec")!;
        var expected = $"{spec.StringAt("names", "plural")}.{spec.StringAt("group")}";
        if (obj.Name() != expected)
        {
            yield return FieldError.Invalid("metadata.name", ValueText.Of(obj.Name()), "must be spec.names.plural+\".\"+spec.group");
        }

        foreach (var field in (string[])["group", "scope"])
        {
            if (spec.StringAt(field) is not { Length: > 0 })
            {
                yield return FieldError.Required($"spec.{field}");
            }
        }

        foreach (var error in old is null ? [] : Unchangeable(spec, old))
        {
            yield return error;
        }

        if (spec.StringAt("names", "kind") is not { Length: > 0 })
        {
            yield return FieldError.Required("spec.names.kind");
        }

        if (spec.StringAt("scope") is { } scope && scope is not ("Cluster" or "Namespaced"))
        {
            yield return FieldError.NotSupported("spec.scope", ValueText.Of(scope), ["\"Cluster\"", "\"Namespaced\""]);
        }

        var versions = spec.ArrayAt("versions")?.OfType<JsonObject>().ToList() ?? [];
        if (versions.Count(version => version.BooleanAt("storage")) != 1)
        {
            yield return FieldError.Invalid("spec.versions", ValueText.Of(spec["versions"]), "must have exactly one version marked as storage version");
        }

        for (var i = 0; i < versions.Count; i++)
        {
            var path = $"spec.versions[{i}].schema.openAPIV3Schema";
            if (versions[i].ObjectAt("schema", "openAPIV3Schema") is not { } schema)
            {
                yield return FieldError.Required(path);
            }
            else if (schema.StringAt("type") != "object")
            {
                yield return FieldError.Invalid($"{path}.type", ValueText.Of(schema["type"]), "must be object at the root");
            }
            else if (Unreadable(schema) is { } problem)
            {
                yield return FieldError.Invalid(path, "\"object\"", problem);
            }
            else
            {
                var shown = versions.Count == 1 ? "spec.validation.openAPIV3Schema" : path;
                foreach (var error in Structure(schema, shown))
                {
                    yield return error;
                }

                foreach (var rule in ValidationRules.CheckSchema(schema, shown))
                {
                    yield return FieldError.Invalid(rule.Path, ValueText.Of(rule.Value), rule.Message);
                }
            }
        }
    }

    private static IEnumerable<FieldError> Structure(JsonObject schema, string path)
    {
        foreach (var (name, property) in schema.ObjectAt("properties") ?? [])
        {
            if (property is not JsonObject child)
            {
                continue;
            }

            var at = $"{path}.properties[{name}]";
            if (child["type"] is null && !child.BooleanAt("x-kubernetes-int-or-string") && !child.BooleanAt("x-kubernetes-preserve-unknown-fields"))
            {
                yield return FieldError.Required($"{at}.type", "must not be empty for specified object fields");
            }

            foreach (var error in Structure(child, at))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Unchangeable(JsonObject spec, JsonObject old)
    {
        foreach (var field in (string[][])[["group"], ["scope"], ["names", "kind"], ["names", "plural"]])
        {
            if (spec.StringAt(field) != old.ObjectAt("spec").StringAt(field))
            {
                yield return FieldError.Invalid($"spec.{string.Join('.', field)}", ValueText.Of(spec.StringAt(field)), "field is immutable");
            }
        }

        var versions = (spec.ArrayAt("versions") ?? []).Select(version => version.StringAt("name")).ToList();
        var stored = (old.ArrayAt("status", "storedVersions") ?? []).Select(version => version.StringOrNull()).ToList();
        for (var i = 0; i < stored.Count; i++)
        {
            if (!versions.Contains(stored[i]))
            {
                yield return FieldError.Invalid(
                    $"status.storedVersions[{i}]",
                    ValueText.Of(stored[i]),
                    $"missing from spec.versions; {stored[i]} was previously a storage version, and must remain in spec.versions until a storage "
                    + "migration ensures no data remains persisted in this version and removes it from status.storedVersions");
            }
        }
    }

    private static string? Unreadable(JsonObject schema)
    {
        try
        {
            JsonSchemaReader.Read(schema);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    private static JsonObject Status(JsonObject obj, string now) => new()
    {
        ["acceptedNames"] = obj.At("spec", "names")?.DeepClone(),
        ["conditions"] = new JsonArray(
            Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
            Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now)),
        ["storedVersions"] = new JsonArray(
        [
            .. (obj.ArrayAt("spec", "versions") ?? []).Where(version => version.BooleanAt("storage"))
                .Select(version => (JsonNode?)version.StringAt("name")),
        ]),
    };

    private static JsonObject Condition(string type, string reason, string message, string now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = now,
        ["reason"] = reason,
        ["message"] = message,
    };
}
