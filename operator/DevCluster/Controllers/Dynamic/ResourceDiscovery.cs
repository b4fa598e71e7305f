using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.DevCluster.Controllers.Dynamic;

/// <summary>Finds out which kinds the API serves.</summary>
internal sealed class ResourceDiscovery(PathClient client)
{
    private static readonly string[] Needed = ["list", "watch", "delete"];

    /// <summary>Every kind whose objects can be listed, watched and deleted, each in one version.</summary>
    public async Task<IReadOnlyList<ResourceType>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<ResourceType>();
        found.AddRange(await ReadAsync("/api/v1", "v1", cancellationToken));
        var groups = await client.SendAsync<JsonObject>(HttpMethod.Get, "/apis", cancellationToken: cancellationToken);
        foreach (var group in groups["groups"]?.AsArray() ?? [])
        {
            if ((string?)(group?["preferredVersion"]?["groupVersion"] ?? group?["versions"]?[0]?["groupVersion"]) is { } version)
            {
                found.AddRange(await ReadAsync($"/apis/{version}", version, cancellationToken));
            }
        }

        // Events are in two groups and are the same objects.
        return [.. found.Where(r => r is not { Plural: "events", GroupVersion: not "v1" })];
    }

    private async Task<List<ResourceType>> ReadAsync(string path, string groupVersion, CancellationToken cancellationToken)
    {
        var list = await client.SendAsync<JsonObject>(HttpMethod.Get, path, cancellationToken: cancellationToken);
        var found = new List<ResourceType>();
        foreach (var resource in list["resources"]?.AsArray() ?? [])
        {
            var name = (string?)resource?["name"] ?? "";
            var verbs = (resource?["verbs"]?.AsArray() ?? []).Select(v => (string?)v).ToList();
            if (!name.Contains('/', StringComparison.Ordinal) && Needed.All(verbs.Contains))
            {
                found.Add(new ResourceType(groupVersion, name, (string?)resource?["kind"] ?? "", (bool?)resource?["namespaced"] == true));
            }
        }

        return found;
    }
}
