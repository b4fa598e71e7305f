using System.Text.Json.Nodes;

namespace ModelOperator.Cli.Records;

/// <summary>A field that differs.</summary>
/// <param name="Field">Its path, for example <c>model.uri</c>.</param>
/// <param name="From">What it was, as JSON unless it is text; null: absent.</param>
/// <param name="To">What it is; null: absent.</param>
internal sealed record FieldChange(string Field, string? From, string? To)
{
    /// <summary>The fields in which two documents differ, in the order of their paths.</summary>
    public static IReadOnlyList<FieldChange> Between(JsonNode? from, JsonNode? to)
    {
        var changes = new List<FieldChange>();
        Compare("", from, to, changes);
        return [.. changes.OrderBy(change => change.Field, StringComparer.Ordinal)];
    }

    private static void Compare(string path, JsonNode? from, JsonNode? to, List<FieldChange> changes)
    {
        switch (from, to)
        {
            case (JsonObject a, JsonObject b):
                foreach (var key in a.Select(member => member.Key).Union(b.Select(member => member.Key)))
                {
                    Compare(path.Length == 0 ? key : $"{path}.{key}", a[key], b[key], changes);
                }

                break;
            case (JsonArray a, JsonArray b):
                for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
                {
                    Compare($"{path}[{i}]", a.ElementAtOrDefault(i), b.ElementAtOrDefault(i), changes);
                }

                break;
            default:
                if (!JsonNode.DeepEquals(from, to))
                {
                    changes.Add(new FieldChange(path, Text(from), Text(to)));
                }

                break;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString();
}
