using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Tables;

/// <summary>
/// The JSONPath that printer columns use: fields (<c>.a</c>, <c>['a']</c>, with <c>\.</c> in names), indexes, <c>[*]</c>
/// and equality filters (<c>[?(@.type=="Ready")]</c>).
/// </summary>
internal sealed class JsonPath
{
    private readonly List<Func<JsonNode?, IEnumerable<JsonNode?>>> _steps = [];

    /// <exception cref="FormatException">The text is not a path of this kind.</exception>
    public static JsonPath Parse(string text)
    {
        var path = new JsonPath();
        var i = 0;
        if (text.StartsWith('{') && text.EndsWith('}'))
        {
            text = text[1..^1];
        }

        while (i < text.Length)
        {
            if (text[i] == '.' || text[i] == '$')
            {
                i++;
            }
            else if (text[i] == '[')
            {
                var end = text.IndexOf(']', i);
                if (end < 0)
                {
                    throw new FormatException($"JSONPath '{text}': '[' is not closed");
                }

                path.AddBracket(text[(i + 1)..end]);
                i = end + 1;
            }
            else
            {
                path.AddField(ReadName(text, ref i));
            }
        }

        return path;
    }

    public List<JsonNode?> Find(JsonNode? root)
    {
        List<JsonNode?> found = [root];
        foreach (var step in _steps)
        {
            found = [.. found.SelectMany(step)];
        }

        return found;
    }

    private static string ReadName(string text, ref int i)
    {
        var name = new System.Text.StringBuilder();
        while (i < text.Length && text[i] is not ('.' or '['))
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            name.Append(text[i++]);
        }

        return name.ToString();
    }

    private void AddField(string name) =>
        _steps.Add(name == "*" ? All : node => node is JsonObject map && map.TryGetPropertyValue(name, out var value) ? [value] : []);

    private void AddBracket(string inner)
    {
        inner = inner.Trim();
        if (inner == "*")
        {
            _steps.Add(All);
        }
        else if (inner is ['\'' or '"', .., '\'' or '"'])
        {
            AddField(inner[1..^1].Replace("\\", "", StringComparison.Ordinal));
        }
        else if (int.TryParse(inner, out var index))
        {
            _steps.Add(node => node is JsonArray list && index + (index < 0 ? list.Count : 0) is var at && at >= 0 && at < list.Count ? [list[at]] : []);
        }
        else if (inner.StartsWith("?(@", StringComparison.Ordinal) && inner.EndsWith(')'))
        {
            AddFilter(inner[3..^1]);
        }
        else
        {
            throw new FormatException($"JSONPath: '[{inner}]' is not supported");
        }
    }

    private void AddFilter(string condition)
    {
        var at = condition.IndexOf("==", StringComparison.Ordinal);
        if (at < 0)
        {
            throw new FormatException($"JSONPath: the filter '{condition}' is not an equality");
        }

        var left = Parse(condition[..at].Trim());
        var right = condition[(at + 2)..].Trim().Trim('"', '\'');
        _steps.Add(node => All(node).Where(item => left.Find(item) is [{ } value] && value.ToString() == right));
    }

    private static IEnumerable<JsonNode?> All(JsonNode? node) => node switch
    {
        JsonArray list => list,
        JsonObject map => map.Select(field => field.Value),
        _ => [],
    };
}
