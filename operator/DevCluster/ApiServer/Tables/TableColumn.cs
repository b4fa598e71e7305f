using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Tables;

/// <summary>One column of <c>kubectl get</c>.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Value">The cell of an object at a time; null shows as nothing.</param>
internal sealed record TableColumn(string Name, Func<JsonObject, DateTimeOffset, JsonNode?> Value)
{
    public string Type { get; init; } = "string";

    public string Format { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>0 is always shown, higher only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }

    public static TableColumn ObjectName { get; } = new("Name", (obj, _) => obj.Name()) { Format = "name" };

    public static TableColumn Age { get; } = new("Age", (obj, now) => HumanDuration.Since(obj.StringAt("metadata", "creationTimestamp"), now));

    public static IReadOnlyList<TableColumn> NameAndAge { get; } =
        [ObjectName, new("Created At", (obj, _) => obj.StringAt("metadata", "creationTimestamp")) { Type = "date" }];

    /// <summary>The columns of a custom resource: its name, then what its definition lists, or its age.</summary>
    public static IEnumerable<TableColumn> ForCustomResource(JsonArray? definitions)
    {
        yield return ObjectName;
        if (definitions is not { Count: > 0 })
        {
            yield return Age;
            yield break;
        }

        foreach (var definition in definitions.OfType<JsonObject>())
        {
            var type = definition.StringAt("type") ?? "string";
            var path = JsonPath.Parse(definition.StringAt("jsonPath") ?? "");
            yield return new TableColumn(definition.StringAt("name") ?? "", (obj, now) => Cell(path.Find(obj), type, now))
            {
                // The server turns dates into ages, so that the client prints what it gets.
                Type = type,
                Format = definition.StringAt("format") ?? "",
                Description = definition.StringAt("description") ?? "",
                Priority = (int)(definition.IntegerAt("priority") ?? 0),
            };
        }
    }

    private static JsonNode? Cell(List<JsonNode?> found, string type, DateTimeOffset now)
    {
        if (found.Count == 0 || found[0] is null)
        {
            return type is "date" ? "<unknown>" : null;
        }

        return type switch
        {
            "date" => HumanDuration.Since(found[0].StringOrNull(), now),
            "integer" or "number" or "boolean" => found[0]!.DeepClone(),
            _ when found.Count == 1 => found[0] is JsonValue value ? value.ToString() : found[0]!.ToJsonString(),
            _ => string.Join(",", found.Select(value => value?.ToString())),
        };
    }
}
