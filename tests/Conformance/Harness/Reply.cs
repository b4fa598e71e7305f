using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>What the API server answered.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Text">The body.</param>
/// <param name="ContentType">The media type with its parameters.</param>
/// <param name="Warnings">The texts of the Warning headers, without code and agent.</param>
/// <param name="Headers">All headers of the response and its content.</param>
internal sealed record Reply(int Code, string Text, string? ContentType, IReadOnlyList<string> Warnings, IReadOnlyDictionary<string, string> Headers)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JsonNode? _json;

    public JsonNode Json => _json ??= JsonNode.Parse(Text)!;

    public override string ToString() => $"{Code} {Text}";

    public string? Reason => this["reason"];

    public string? Message => this["message"];

    public string Name => this["metadata.name"]!;

    public string Version => this["metadata.resourceVersion"]!;

    /// <summary>The names of a list's items, in its order.</summary>
    public IReadOnlyList<string> Items => [.. Json["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.GetValue<string>())];

    /// <summary>
    /// The value at a path such as <c>spec.ports[0].name</c> or <c>metadata.labels['a/b']</c>: the text of a scalar, compact JSON of
    /// anything else, null when there is none.
    /// </summary>
    public string? this[string path] => Render(At(Json, path));

    /// <summary>The node at a path, or null.</summary>
    public static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var step in Steps(path))
        {
            node = node switch
            {
                JsonArray array => int.TryParse(step, out var index) && index < array.Count ? array[index] : null,
                JsonObject obj => obj[step],
                _ => null,
            };
        }

        return node;
    }

    public static string? Render(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(Plain),
    };

    private static IEnumerable<string> Steps(string path)
    {
        var at = 0;
        while (at < path.Length)
        {
            if (path[at] == '.')
            {
                at++;
            }
            else if (path[at] == '[')
            {
                var end = path.IndexOf(']', at);
                yield return path[(at + 1)..end].Trim('\'');
                at = end + 1;
            }
            else
            {
                var end = path.IndexOfAny(['.', '['], at);
                end = end < 0 ? path.Length : end;
                yield return path[at..end];
                at = end;
            }
        }
    }
}
