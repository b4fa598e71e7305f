using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>The fields of an assembly's custom resources as a page of Markdown, from the same schemas as the definitions.</summary>
public static class FieldReference
{
    private const string Header = """
        # Fields

        Generated from the C# types by `make manifests`. `[]` is an item of a list, `{}` a value of a map; a field in **bold** is required.
        `kubectl explain mdep.spec.rollout` tells the same.

        """;

    /// <summary>One section a kind, one row a field.</summary>
    /// <exception cref="InvalidOperationException">A type cannot be told as a structural schema, or its documentation file is missing.</exception>
    public static string Render(Assembly assembly)
    {
        var page = new StringBuilder(Header);
        var factory = new CustomResourceDefinitionFactory();
        foreach (var versions in CustomResourceDefinitionFactory.TypesIn(assembly).GroupBy(type => EntityMetadata.For(type).QualifiedName))
        {
            var definition = JsonSerializer.SerializeToNode(factory.Create([.. versions]), KubernetesJson.Options)!;
            var schema = definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();
            page.Append($"\n## {definition["spec"]!["names"]!["kind"]}\n\n{schema["description"]}\n\n| field | type | default | meaning |\n|---|---|---|---|\n");
            foreach (var part in (string[])["spec", "status"])
            {
                if (schema["properties"]?[part] is JsonObject node)
                {
                    Append(page, node, part, required: false);
                }
            }
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, JsonObject node, string path, bool required)
    {
        var name = required ? $"**`{path}`**" : $"`{path}`";
        page.Append($"| {name} | {TypeOf(node)} | {(node["default"] is { } value ? $"`{value.ToJsonString()}`" : "")} | {Cell(node)} |\n");
        AppendChildren(page, node, path);
    }

    private static void AppendChildren(StringBuilder page, JsonObject node, string path)
    {
        var required = node["required"]?.AsArray().Select(item => (string)item!).ToHashSet() ?? [];
        foreach (var (name, child) in node["properties"]?.AsObject() ?? [])
        {
            Append(page, child!.AsObject(), $"{path}.{name}", required.Contains(name));
        }

        if (node["items"] is JsonObject item)
        {
            AppendChildren(page, item, path + "[]");
        }

        if (node["additionalProperties"] is JsonObject value)
        {
            AppendChildren(page, value, path + "{}");
        }
    }

    private static string TypeOf(JsonObject node)
    {
        if (node["x-kubernetes-int-or-string"] is not null)
        {
            return "number or text";
        }

        return ((string?)node["type"], node["format"]) switch
        {
            ("array", _) => $"list of {TypeOf(node["items"]!.AsObject())}",
            ("object", _) when node["additionalProperties"] is JsonObject value => $"map of {TypeOf(value)}",
            ("string", { } format) => (string)format!,
            (null, _) => "any",
            var (type, _) => type,
        };
    }

    // Everything that a table cell must not hold, and the rules beside the words.
    private static string Cell(JsonObject node)
    {
        var words = new List<string>();
        if ((string?)node["description"] is { } description)
        {
            words.Add(string.Join(' ', description.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        }

        if (node["enum"] is JsonArray values)
        {
            words.Add("One of " + string.Join(", ", values.Select(value => $"`{value}`")) + ".");
        }

        if (node["minimum"] is not null || node["maximum"] is not null)
        {
            words.Add($"From {node["minimum"]?.ToJsonString() ?? "any"} to {node["maximum"]?.ToJsonString() ?? "any"}.");
        }

        foreach (var rule in node["x-kubernetes-validations"]?.AsArray() ?? [])
        {
            if ((string?)rule!["message"] is { } message)
            {
                words.Add($"Rule: {message}.");
            }
        }

        return string.Join(' ', words).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
    }
}
