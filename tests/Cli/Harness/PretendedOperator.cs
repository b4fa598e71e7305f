using System.Text.Json.Nodes;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Tests.Harness;

/// <summary>Deals with the next command as the operator does: a record or an event first, the status then.</summary>
internal static class PretendedOperator
{
    /// <summary>Waits for a command and follows it; the annotation's value and the reason that it read.</summary>
    public static async Task<(string Text, string? Reason)> FollowAsync(string namespaceName, string deployment, string verb)
    {
        var (text, reason) = await ReadAsync(namespaceName, deployment, verb);
        var revision = text.Split('@', '#')[0];
        var record = new JsonObject { ["command"] = verb, ["text"] = text, ["reason"] = reason, ["by"] = "kubectl-model", ["at"] = "2026-11-21T10:00:00Z", ["transition"] = 7 };
        await PatchAsync($"{Collection(namespaceName, "modelrevisions")}/{revision}/status", new JsonObject { ["status"] = new JsonObject { ["commands"] = new JsonArray(record) } });
        await DealtWithAsync(namespaceName, deployment, verb, text);
        return (text, reason);
    }

    /// <summary>Waits for a command and refuses it.</summary>
    public static async Task RefuseAsync(string namespaceName, string deployment, string verb, string why)
    {
        var (text, _) = await ReadAsync(namespaceName, deployment, verb);
        await Fixtures.CreateAsync(TestedCluster.Client, namespaceName, new JsonObject
        {
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = $"{deployment}.{Guid.NewGuid():n}", ["namespace"] = namespaceName },
            ["involvedObject"] = new JsonObject { ["kind"] = "ModelDeployment", ["namespace"] = namespaceName, ["name"] = deployment },
            ["type"] = "Warning",
            ["reason"] = "CommandRefused",
            ["message"] = $"{verb} \"{text}\" does nothing: {why}",
        });
        await DealtWithAsync(namespaceName, deployment, verb, text);
    }

    private static async Task<(string Text, string? Reason)> ReadAsync(string namespaceName, string deployment, string verb)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var path = $"{Collection(namespaceName, "modeldeployments")}?watch=true&fieldSelector=metadata.name%3D{deployment}";
        await foreach (var change in TestedCluster.Client.WatchAsync<V1Alpha1ModelDeployment>(path, patience.Token))
        {
            if (change.Object!.Annotations() is { } annotations && annotations.TryGetValue($"{ApiGroup.Name}/{verb}", out var text))
            {
                return (text, annotations.TryGetValue(CommandAnnotations.Reason, out var reason) ? reason : null);
            }
        }

        throw new InvalidOperationException($"no {verb} came");
    }

    private static Task<JsonObject> DealtWithAsync(string namespaceName, string deployment, string verb, string text) => PatchAsync(
        $"{Collection(namespaceName, "modeldeployments")}/{deployment}/status",
        new JsonObject { ["status"] = new JsonObject { ["message"] = "done", ["rollout"] = new JsonObject { ["commands"] = new JsonObject { [verb] = text } } } });

    private static Task<JsonObject> PatchAsync(string path, JsonObject patch) => TestedCluster.Client.SendAsync<JsonObject>(HttpMethod.Patch, path, patch);

    private static string Collection(string namespaceName, string plural) => $"/apis/{ApiGroup.ApiVersion}/namespaces/{namespaceName}/{plural}";
}
