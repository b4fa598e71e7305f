using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>The hash that names the ReplicaSet of a pod template.</summary>
internal static class PodTemplateHash
{
    public const string Label = "pod-template-hash";

    private const int Length = 10;

    // Kubernetes' own alphabet for such names: no vowels, so no words.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(JsonObject template)
    {
        var digest = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Canonical(template)));
        return string.Create(Length, digest, (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }

    // The same template may come back with its fields in another order, as kubectl's undo writes it.
    private static JsonNode? Canonical(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .Where(field => field.Value is not null)
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Canonical(field.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Canonical)]),
        _ => node?.DeepClone(),
    };
}
