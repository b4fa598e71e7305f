using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>What holds for the data of config maps and secrets alike.</summary>
internal static partial class DataRules
{
    private const int MaxSize = 1024 * 1024;

    public static IEnumerable<FieldError> Keys(JsonObject data, string path)
    {
        foreach (var (key, _) in data)
        {
            if (Problem(key) is { } problem)
            {
                yield return FieldError.Invalid($"{path}[{key}]", $"\"{key}\"", problem);
            }
        }
    }

    public static IEnumerable<FieldError> Size(params IEnumerable<JsonObject> parts)
    {
        if (parts.SelectMany(part => part).Sum(entry => Encoding.UTF8.GetByteCount(entry.Value.StringOrNull() ?? "")) > MaxSize)
        {
            yield return FieldError.TooLong("[]", MaxSize);
        }
    }

    public static IEnumerable<FieldError> Immutable(JsonObject obj, JsonObject? old, params IEnumerable<string> fields)
    {
        if (!old.BooleanAt("immutable"))
        {
            yield break;
        }

        if (!obj.BooleanAt("immutable"))
        {
            yield return FieldError.Forbidden("immutable", "field is immutable when `immutable` is set");
        }

        foreach (var field in fields)
        {
            if (!JsonNode.DeepEquals(obj[field], old![field]))
            {
                yield return FieldError.Forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }

    private static string? Problem(string key)
    {
        if (key.Length > 253)
        {
            return "must be no more than 253 characters";
        }

        if (!KeyExpression().IsMatch(key))
        {
            return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
                + "regex used for validation is '[-._a-zA-Z0-9]+')";
        }

        return key is "." or ".." ? $"must not be '{key}'" : key.StartsWith("..", StringComparison.Ordinal) ? "must not start with '..'" : null;
    }

    [GeneratedRegex(@"^[-._a-zA-Z0-9]+\z")]
    private static partial Regex KeyExpression();
}
