using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>A field of a kind, such as <c>spec.ports[].protocol</c>, where <c>[]</c> stands for every item of a list.</summary>
internal sealed class FieldPath(string path)
{
    private readonly string[] _steps = path.Split('.');

    /// <summary>The places of the field in an object: those whose parent is there, whether or not the field is.</summary>
    public IEnumerable<(JsonObject Parent, string Name, string Path)> PlacesIn(JsonObject obj) => Visit(obj, 0, "");

    private IEnumerable<(JsonObject Parent, string Name, string Path)> Visit(JsonObject parent, int index, string prefix)
    {
        var isList = _steps[index].EndsWith("[]", StringComparison.Ordinal);
        var name = isList ? _steps[index][..^2] : _steps[index];
        var here = prefix + name;
        if (index == _steps.Length - 1)
        {
            return [(parent, name, here)];
        }

        if (isList)
        {
            return (parent[name] as JsonArray ?? [])
                .Select((item, i) => (Item: item as JsonObject, i))
                .Where(entry => entry.Item is not null)
                .SelectMany(entry => Visit(entry.Item!, index + 1, $"{here}[{entry.i}]."));
        }

        return parent[name] is JsonObject child ? Visit(child, index + 1, $"{here}.") : [];
    }
}
