using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>
/// Identity of what a user asked to be served: the first 16 hex digits of the SHA-256 of model, runtime and accelerator as
/// canonical JSON (members in ordinal order). A member that is absent, empty or at its default counts as absent, so that a field
/// that a later version of the API adds with a default changes no hash, and with it no revision.
/// </summary>
public static class ContentHash
{
    private const int Digits = 16;

    /// <summary>The hash of what a spec asks to be served.</summary>
    public static string Of(ModelDeploymentSpec spec)
    {
        var content = new JsonObject
        {
            ["accelerator"] = Canonical(spec.Accelerator, presenceCounts: true),
            ["model"] = Canonical(spec.Model),
            ["runtime"] = Canonical(spec.Runtime),
        };
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString()));
        return Convert.ToHexStringLower(hash)[..Digits];
    }

    // An accelerator block with nothing but defaults still asks for a GPU.
    private static JsonNode? Canonical(object? value, bool presenceCounts = false) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        IDictionary<string, string> map => Members(map.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)), presenceCounts: false),
        IEnumerable list => list.Cast<object?>().Select(item => Canonical(item, presenceCounts: true)).ToArray() is { Length: > 0 } items
            ? new JsonArray(items)
            : null,
        _ when value.GetType().IsPrimitive => JsonSerializer.SerializeToNode(value),
        _ => Members(Properties(value), presenceCounts),
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Properties(object value) => value.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite)
        .OrderBy(property => property.Name, StringComparer.Ordinal)
        .Select(property => (property, Value: property.GetValue(value)))
        .Where(member => !Equals(member.Value, member.property.GetCustomAttribute<DefaultValueAttribute>()?.Value))
        .Select(member => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(member.property.Name), Canonical(member.Value)));

    private static JsonObject? Members(IEnumerable<KeyValuePair<string, JsonNode?>> members, bool presenceCounts)
    {
        var present = new JsonObject(members.Where(member => member.Value is not null));
        return present.Count > 0 || presenceCounts ? present : null;
    }
}
