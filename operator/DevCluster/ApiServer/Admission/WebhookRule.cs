using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Resources;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>Which writes a webhook wants to see.</summary>
internal sealed record WebhookRule(
    IReadOnlyList<string> Operations, IReadOnlyList<string> Groups, IReadOnlyList<string> Versions, IReadOnlyList<string> Resources, string Scope)
{
    private const string Any = "*";

    public static WebhookRule Of(JsonObject rule) => new(
        Strings(rule, "operations"), Strings(rule, "apiGroups"), Strings(rule, "apiVersions"), Strings(rule, "resources"), rule.StringAt("scope") ?? Any);

    public bool Matches(AdmissionOperation operation, WriteRequest write) =>
        Has(Operations, operation.ToString().ToUpperInvariant())
        && Has(Groups, write.Kind.Group)
        && Has(Versions, write.Kind.Version)
        && Resources.Any(resource => MatchesResource(resource, write.Kind.Plural, write.Subresource))
        && MatchesScope(write);

    private bool MatchesScope(WriteRequest write) => Scope switch
    {
        Any => true,
        "Namespaced" => write.Namespace is not null,
        _ => write.Namespace is null,
    };

    private static bool MatchesResource(string wanted, string resource, string subresource)
    {
        var parts = wanted.Split('/', 2);
        var part = parts.Length > 1 ? parts[1] : "";
        return parts[0] is var name && (name == Any || name == resource) && (part == subresource || part == Any);
    }

    private static bool Has(IReadOnlyList<string> wanted, string value) => wanted.Contains(Any) || wanted.Contains(value);

    private static string[] Strings(JsonObject rule, string name) => [.. (rule.ArrayAt(name) ?? []).Select(value => value.StringOrNull() ?? "")];
}
