using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Cli.Files;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Cli.Tests.Harness;

/// <summary>Objects with the status that an operator would have given them.</summary>
internal static partial class Fixtures
{
    /// <summary>Creates the objects of a file, and writes their status.</summary>
    public static async Task LoadAsync(PathClient client, string namespaceName, string name, TimeProvider time)
    {
        var path = TestedCluster.Repository.PathOf("tests", "Cli", "Fixtures", $"{name}.yaml");
        var text = Moment().Replace(await File.ReadAllTextAsync(path), match => At(time, match.Groups["offset"].Value));
        text = text.Replace("${hash}", HashOf(text), StringComparison.Ordinal);
        foreach (var document in YamlText.Read(name, text))
        {
            await CreateAsync(client, namespaceName, document.Content!.AsObject());
        }
    }

    public static async Task CreateAsync(PathClient client, string namespaceName, JsonObject entity)
    {
        var collection = entity["kind"]!.GetValue<string>() switch
        {
            "Pod" => $"/api/v1/namespaces/{namespaceName}/pods",
            "Event" => $"/api/v1/namespaces/{namespaceName}/events",
            var kind => $"/apis/{ApiGroup.ApiVersion}/namespaces/{namespaceName}/{kind.ToLowerInvariant()}s",
        };
        await client.SendAsync<JsonObject>(HttpMethod.Post, collection, entity.DeepClone());
        if (entity["status"] is { } status)
        {
            var patch = new JsonObject { ["status"] = status.DeepClone() };
            await client.SendAsync<JsonObject>(HttpMethod.Patch, $"{collection}/{entity["metadata"]!["name"]}/status", patch);
        }
    }

    // Of what the spec asks for, so that a status can have rejected it.
    private static string HashOf(string text)
    {
        var deployment = YamlText.Read("fixture", text).Single(document => document.Kind == "ModelDeployment").Content!;
        return ContentHash.Of(KubernetesJson.Deserialize<ModelDeploymentSpec>(deployment["spec"]!.ToJsonString()));
    }

    private static string At(TimeProvider time, string offset)
    {
        var length = Duration.Parse(offset[1..]);
        return (time.GetUtcNow() + (offset[0] == '-' ? -length : length)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
    }

    [GeneratedRegex("\\$\\{now(?<offset>[-+][0-9a-z]+)\\}")]
    private static partial Regex Moment();
}
