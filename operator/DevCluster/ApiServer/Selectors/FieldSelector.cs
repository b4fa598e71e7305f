using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.Selectors;

/// <summary>A field selector: equality tests on scalar fields, joined by commas.</summary>
internal sealed class FieldSelector(IReadOnlyList<(string Path, bool Equal, string Value)> terms)
{
    public static readonly FieldSelector Everything = new([]);

    public bool IsEverything => terms.Count == 0;

    /// <exception cref="FormatException">The text is not a selector.</exception>
    public static FieldSelector Parse(string? text, ResourceKind kind)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var terms = new List<(string, bool, string)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=');
            if (at <= 0)
            {
                throw new FormatException($"invalid selector: '{text}'; can't understand '{part}'");
            }

            var equal = part[at - 1] != '!';
            var path = part[..(equal ? at : at - 1)];
            if (!kind.IsSelectable(path.Trim()))
            {
                throw new FormatException(kind.SelectableFields.Count > 0
                    ? $"field label not supported: {path.Trim()}"
                    : $"\"{path.Trim()}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
            }

            var value = part[(at + 1)..];
            terms.Add((path.Trim(), equal, value.StartsWith('=') ? value[1..] : value));
        }

        return new FieldSelector(terms);
    }

    public bool Matches(JsonObject obj)
    {
        foreach (var (path, equal, value) in terms)
        {
            if ((Value(obj, path) == value) != equal)
            {
                return false;
            }
        }

        return true;
    }

    private static string Value(JsonObject obj, string path)
    {
        // core/v1 events call it source.component, and reportingComponent once it has moved.
        if (path == "source" && obj.ContainsKey("involvedObject"))
        {
            return obj.StringAt("source", "component") ?? obj.StringAt("reportingComponent") ?? "";
        }

        // Fields that are left out when they are false are selected as false.
        return obj.At(path.Split('.')) is JsonValue value ? value.ToString() : path is "spec.unschedulable" or "spec.hostNetwork" ? "false" : "";
    }
}
