using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Tables;

namespace ModelOperator.DevCluster.ApiServer.CustomResources;

/// <summary>The kinds that a CustomResourceDefinition makes, one for each served version.</summary>
internal static class CustomResourceKinds
{
    public static IReadOnlyList<ResourceKind> Of(JsonObject definition)
    {
        var spec = definition.ObjectAt("spec")!;
        return [.. (spec.ArrayAt("versions") ?? []).OfType<JsonObject>().Where(version => version.BooleanAt("served")).Select(version => Kind(definition, spec, version))];
    }

    private static ResourceKind Kind(JsonObject definition, JsonObject spec, JsonObject version)
    {
        var names = spec.ObjectAt("names")!;
        var kind = names.StringAt("kind")!;
        return new ResourceKind
        {
            Group = spec.StringAt("group")!,
            Version = version.StringAt("name")!,
            Plural = names.StringAt("plural")!,
            Singular = names.StringAt("singular") is { Length: > 0 } singular ? singular : kind.ToLowerInvariant(),
            Kind = kind,
            Namespaced = spec.StringAt("scope") == "Namespaced",
            ShortNames = Strings(names, "shortNames"),
            Categories = Strings(names, "categories"),
            HasStatus = version.ObjectAt("subresources", "status") is not null,
            HasGeneration = true,
            Scale = version.ObjectAt("subresources", "scale") is { } scale
                ? new ScalePaths(scale.StringAt("specReplicasPath")!, scale.StringAt("statusReplicasPath")!, scale.StringAt("labelSelectorPath"))
                : null,
            Schema = Root(version.ObjectAt("schema", "openAPIV3Schema")),
            RuleSchema = version.ObjectAt("schema", "openAPIV3Schema") is { } rules && rules.ToJsonString().Contains("x-kubernetes-validations", StringComparison.Ordinal)
                ? rules
                : null,
            Columns = [.. TableColumn.ForCustomResource(version.ArrayAt("additionalPrinterColumns"))],
            SelectableFields = [.. (version.ArrayAt("selectableFields") ?? []).Select(field => (field.StringAt("jsonPath") ?? "").TrimStart('.'))],
            DeprecationWarning = Deprecation(spec, version),
            Custom = true,
            UpdatesNeedVersion = true,
            IsEnding = definition.IsBeingDeleted(),
        };
    }

    private static string? Deprecation(JsonObject spec, JsonObject version)
    {
        if (!version.BooleanAt("deprecated"))
        {
            return null;
        }

        return version.StringAt("deprecationWarning") is { Length: > 0 } warning
            ? warning
            : $"{spec.StringAt("group")}/{version.StringAt("name")} {spec.StringAt("names", "kind")} is deprecated";
    }

    private static SchemaNode Root(JsonObject? schema)
    {
        var root = schema is null ? SchemaNode.Any : JsonSchemaReader.Read(schema);
        var properties = new Dictionary<string, SchemaNode>(root.Properties)
        {
            ["apiVersion"] = new() { Type = "string" },
            ["kind"] = new() { Type = "string" },
            ["metadata"] = BuiltInSchemas.Instance["ObjectMeta"],
        };
        return root with { Properties = properties };
    }

    private static string[] Strings(JsonObject names, string key) => [.. (names.ArrayAt(key) ?? []).Select(name => name?.GetValue<string>() ?? "")];
}
