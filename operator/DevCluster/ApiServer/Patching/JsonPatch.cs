using System.Globalization;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Patching;

/// <summary>JSON Patch (RFC 6902) over JSON Pointer (RFC 6901).</summary>
internal static class JsonPatch
{
    /// <returns>The patched copy.</returns>
    /// <exception cref="PatchException">An operation does not apply, or a test fails.</exception>
    public static JsonNode? Apply(JsonNode? document, JsonArray operations)
    {
        // A holder makes the root a child like any other.
        var holder = new JsonObject { ["root"] = document?.DeepClone() };
        foreach (var operation in operations)
        {
            Apply(holder, operation as JsonObject ?? throw new PatchException("an operation must be an object"));
        }

        var result = holder["root"];
        holder.Remove("root");
        return result;
    }

    private static void Apply(JsonObject holder, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (operation.StringAt("op"))
        {
            case "add":
                Add(holder, path, Value(operation));
                break;
            case "replace":
                if (Parent(holder, path) is JsonArray array)
                {
                    array[Index(path[^1], array.Count - 1)] = Value(operation);
                }
                else
                {
                    // What is not there is added, as kube-apiserver's library does.
                    Add(holder, path, Value(operation));
                }

                break;
            case "remove":
                Remove(holder, path);
                break;
            case "move":
                var moved = Get(holder, Pointer(operation, "from"))?.DeepClone();
                Remove(holder, Pointer(operation, "from"));
                Add(holder, path, moved);
                break;
            case "copy":
                Add(holder, path, Get(holder, Pointer(operation, "from"))?.DeepClone());
                break;
            case "test":
                // A member that is absent passes a test for null.
                var tested = Parent(holder, path) is JsonObject map && !map.ContainsKey(path[^1]) ? null : Get(holder, path);
                if (!JsonNode.DeepEquals(tested, operation["value"]))
                {
                    throw new PatchException($"testing value {operation.StringAt("path")} failed: test failed", testFailed: true);
                }

                break;
            default:
                throw new PatchException($"Unexpected kind: {operation["op"]}");
        }
    }

    private static JsonNode? Value(JsonObject operation) =>
        operation["value"]?.DeepClone();

    private static string[] Pointer(JsonObject operation, string member)
    {
        var text = operation.StringAt(member) ?? throw new PatchException($"an operation misses its {member}");
        if (text.Length == 0)
        {
            return ["root"];
        }

        if (text[0] != '/')
        {
            throw new PatchException($"{member} '{text}' must start with '/'");
        }

        var steps = text[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        return ["root", .. steps];
    }

    private static JsonNode Parent(JsonNode holder, string[] path)
    {
        JsonNode? node = holder;
        foreach (var step in path[..^1])
        {
            node = Child(node, step, path);
        }

        return node ?? throw Missing(path);
    }

    private static JsonNode? Get(JsonNode holder, string[] path) => Child(Parent(holder, path), path[^1], path);

    private static JsonNode? Child(JsonNode? node, string step, string[] path) => node switch
    {
        JsonObject map => map.TryGetPropertyValue(step, out var child) ? child : throw Missing(path),
        JsonArray list => list[Index(step, list.Count - 1)],
        _ => throw Missing(path),
    };

    private static void Add(JsonObject holder, string[] path, JsonNode? value)
    {
        switch (Parent(holder, path))
        {
            case JsonObject map:
                map[path[^1]] = value;
                break;
            case JsonArray list:
                list.Insert(path[^1] == "-" ? list.Count : Index(path[^1], list.Count), value);
                break;
            default:
                throw Missing(path);
        }
    }

    private static void Remove(JsonObject holder, string[] path)
    {
        switch (Parent(holder, path))
        {
            case JsonObject map when map.Remove(path[^1]):
                break;
            case JsonArray list:
                list.RemoveAt(Index(path[^1], list.Count - 1));
                break;
            default:
                throw Missing(path);
        }
    }

    private static int Index(string step, int last) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last && (step == "0" || step[0] != '0')
            ? index
            : throw new PatchException($"invalid array index '{step}'");

    private static PatchException Missing(string[] path) =>
        new($"path /{string.Join('/', path[1..])} does not exist");
}
