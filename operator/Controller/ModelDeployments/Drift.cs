using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Compares what is wanted with what is there, so that nothing is written that would change nothing.</summary>
internal static class Drift
{
    /// <summary>Whether everything that is said in one value is the same in another, which may say more (the server's defaults do).</summary>
    public static bool Covers<T>(T actual, T wanted) =>
        Covers(JsonSerializer.SerializeToNode(actual, KubernetesJson.Options), JsonSerializer.SerializeToNode(wanted, KubernetesJson.Options));

    /// <summary>Whether two values say the same.</summary>
    public static bool Same<T>(T first, T second) => JsonNode.DeepEquals(
        JsonSerializer.SerializeToNode(first, KubernetesJson.Options), JsonSerializer.SerializeToNode(second, KubernetesJson.Options));

    private static bool Covers(JsonNode? actual, JsonNode? wanted) => (actual, wanted) switch
    {
        (_, null) => true,
        (JsonObject there, JsonObject asked) => asked.All(member => Covers(there[member.Key], member.Value)),
        (JsonArray there, JsonArray asked) => there.Count == asked.Count && there.Zip(asked).All(pair => Covers(pair.First, pair.Second)),
        (JsonValue there, JsonValue asked) => JsonNode.DeepEquals(there, asked),
        _ => false,
    };
}
