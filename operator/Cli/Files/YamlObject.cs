using System.Text.Json.Nodes;

namespace ModelOperator.Cli.Files;

/// <summary>One document of a file.</summary>
/// <param name="File">The file's name, for messages.</param>
/// <param name="Content">The document.</param>
/// <param name="Places">Line and column of every field, by its path such as <c>spec.rollout.steps[1].weight</c>.</param>
internal sealed record YamlObject(string File, JsonNode? Content, IReadOnlyDictionary<string, (long Line, long Column)> Places)
{
    public string? ApiVersion => Text(Content, "apiVersion");

    public string? Kind => Text(Content, "kind");

    public string? Name => Content is JsonObject root ? Text(root["metadata"], "name") : null;

    /// <summary>Where a field stands, or if it is absent its nearest parent: <c>file:12:5</c>.</summary>
    public string PlaceOf(string path)
    {
        while (true)
        {
            if (Places.TryGetValue(path, out var place))
            {
                return $"{File}:{place.Line}:{place.Column}";
            }

            var end = path.LastIndexOfAny(['.', '[']);
            path = end < 0 ? "" : path[..end];
        }
    }

    private static string? Text(JsonNode? node, string member) =>
        node is JsonObject entity && entity[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
