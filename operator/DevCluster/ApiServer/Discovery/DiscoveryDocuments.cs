using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.Discovery;

/// <summary>The documents of discovery, made from the kinds.</summary>
internal static class DiscoveryDocuments
{
    private static readonly string[] StatusVerbs = ["get", "patch", "update"];

    public static JsonObject CoreVersions(string? host) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = host }),
    };

    public static JsonObject Paths(IReadOnlyList<ResourceKind> kinds)
    {
        var groups = kinds.Where(kind => kind.Group.Length > 0).ToList();
        IEnumerable<string> paths =
        [
            "/api", "/api/v1", "/apis", .. groups.Select(kind => $"/apis/{kind.Group}"), .. groups.Select(kind => $"/apis/{kind.ApiVersion}"),
            "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version",
        ];
        return new JsonObject { ["paths"] = new JsonArray([.. paths.Distinct().Order(StringComparer.Ordinal).Select(path => JsonValue.Create(path))]) };
    }

    public static JsonObject Groups(IReadOnlyList<ResourceKind> kinds) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. kinds.Select(kind => kind.Group).Distinct().Select(group => GroupEntry(kinds, group))]),
    };

    public static JsonObject Group(IReadOnlyList<ResourceKind> kinds, string group)
    {
        var entry = GroupEntry(kinds, group);
        entry["kind"] = "APIGroup";
        entry["apiVersion"] = "v1";
        return entry;
    }

    public static JsonObject Resources(IReadOnlyList<ResourceKind> kinds, string group, string version)
    {
        var resources = new JsonArray();
        foreach (var kind in kinds.Where(kind => kind.Group == group && kind.Version == version))
        {
            var entry = new JsonObject
            {
                ["name"] = kind.Plural,
                ["singularName"] = kind.Singular,
                ["namespaced"] = kind.Namespaced,
                ["kind"] = kind.Kind,
                ["verbs"] = Strings(kind.Verbs),
            };
            if (kind.ShortNames.Count > 0)
            {
                entry["shortNames"] = Strings(kind.ShortNames);
            }

            if (kind.Categories.Count > 0)
            {
                entry["categories"] = Strings(kind.Categories);
            }

            resources.Add(entry);
            foreach (var subresource in Subresources(kind))
            {
                var row = new JsonObject { ["name"] = $"{kind.Plural}/{subresource.Name}", ["singularName"] = "", ["namespaced"] = kind.Namespaced };
                if (subresource.Group != group || subresource.Version != version)
                {
                    if (subresource.Group.Length > 0)
                    {
                        row["group"] = subresource.Group;
                    }

                    row["version"] = subresource.Version;
                }

                row["kind"] = subresource.Kind;
                row["verbs"] = Strings(subresource.Verbs);
                resources.Add(row);
            }
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        };
    }

    public static JsonObject Aggregated(IReadOnlyList<ResourceKind> kinds, string apiVersion)
    {
        var items = new JsonArray();
        foreach (var group in kinds.GroupBy(kind => kind.Group))
        {
            var versions = new JsonArray();
            foreach (var version in group.GroupBy(kind => kind.Version))
            {
                versions.Add(new JsonObject
                {
                    ["version"] = version.Key,
                    ["resources"] = new JsonArray([.. version.Select(AggregatedResource)]),
                    ["freshness"] = "Current",
                });
            }

            var metadata = new JsonObject { ["creationTimestamp"] = null };
            if (group.Key.Length > 0)
            {
                metadata["name"] = group.Key;
            }

            items.Add(new JsonObject { ["metadata"] = metadata, ["versions"] = versions });
        }

        return new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = $"apidiscovery.k8s.io/{apiVersion}",
            ["metadata"] = new JsonObject(),
            ["items"] = items,
        };
    }

    private static JsonObject AggregatedResource(ResourceKind kind)
    {
        var resource = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = Kind(kind.Group, kind.Version, kind.Kind),
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Singular,
            ["verbs"] = Strings(kind.Verbs),
        };
        if (kind.ShortNames.Count > 0)
        {
            resource["shortNames"] = Strings(kind.ShortNames);
        }

        if (kind.Categories.Count > 0)
        {
            resource["categories"] = Strings(kind.Categories);
        }

        var subresources = new JsonArray();
        foreach (var subresource in Subresources(kind))
        {
            subresources.Add(new JsonObject
            {
                ["subresource"] = subresource.Name,
                ["responseKind"] = Kind(subresource.Group, subresource.Version, subresource.Kind),
                ["verbs"] = Strings(subresource.Verbs),
            });
        }

        if (subresources.Count > 0)
        {
            resource["subresources"] = subresources;
        }

        return resource;
    }

    private static IEnumerable<Subresource> Subresources(ResourceKind kind)
    {
        if (kind.HasStatus)
        {
            yield return new Subresource("status", kind.Group, kind.Version, kind.Kind, StatusVerbs);
        }

        if (kind.Scale is not null)
        {
            yield return new Subresource("scale", "autoscaling", "v1", "Scale", StatusVerbs);
        }

        foreach (var subresource in kind.Subresources)
        {
            yield return subresource;
        }
    }

    private static JsonObject GroupEntry(IReadOnlyList<ResourceKind> kinds, string group)
    {
        var versions = kinds.Where(kind => kind.Group == group).Select(kind => kind.Version).Distinct()
            .Select(version => new JsonObject { ["groupVersion"] = $"{group}/{version}", ["version"] = version }).ToArray();
        return new JsonObject { ["name"] = group, ["versions"] = new JsonArray([.. versions]), ["preferredVersion"] = versions[0].DeepClone() };
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);
}
