using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>One rule of a role.</summary>
internal sealed record AccessRule(
    IReadOnlyList<string> Verbs,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Paths)
{
    /// <summary>The rules of <c>cluster-admin</c>.</summary>
    public static IReadOnlyList<AccessRule> Everything { get; } = [new(["*"], ["*"], ["*"], [], []), new(["*"], [], [], [], ["*"])];

    public static AccessRule Of(JsonNode? rule) => new(
        Texts(rule, "verbs"), Texts(rule, "apiGroups"), Texts(rule, "resources"), Texts(rule, "resourceNames"), Texts(rule, "nonResourceURLs"));

    public bool Allows(AccessAttributes wanted)
    {
        if (!Has(Verbs, wanted.Verb))
        {
            return false;
        }

        if (wanted.Path is { } path)
        {
            return Paths.Any(allowed => allowed == path || (allowed.EndsWith('*') && path.StartsWith(allowed[..^1], StringComparison.Ordinal)));
        }

        return Has(Groups, wanted.Group) && AllowsResource(wanted) && (Names.Count == 0 || Names.Contains(wanted.Name));
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["verbs"] = Array(Verbs) };
        if (Paths.Count > 0)
        {
            json["nonResourceURLs"] = Array(Paths);
            return json;
        }

        json["apiGroups"] = Array(Groups);
        json["resources"] = Array(Resources);
        if (Names.Count > 0)
        {
            json["resourceNames"] = Array(Names);
        }

        return json;
    }

    private bool AllowsResource(AccessAttributes wanted) =>
        Has(Resources, wanted.FullResource) || (wanted.Subresource.Length > 0 && Resources.Contains($"*/{wanted.Subresource}"));

    private static bool Has(IReadOnlyList<string> allowed, string value) => allowed.Contains(value) || allowed.Contains("*");

    private static JsonArray Array(IReadOnlyList<string> values) => [.. values.Select(value => JsonValue.Create(value))];

    private static string[] Texts(JsonNode? rule, string field) => [.. (rule.ArrayAt(field) ?? []).Select(value => value.StringOrNull() ?? "")];
}
