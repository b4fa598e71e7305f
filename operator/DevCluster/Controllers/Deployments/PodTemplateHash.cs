using System.Security.Cryptography;
using System.Text.Json;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>The hash that names the ReplicaSet of a pod template.</summary>
internal static class PodTemplateHash
{
    public const string Label = "pod-template-hash";

    private const int Length = 10;

    // Kubernetes' own alphabet for such names: no vowels, so no words.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(V1PodTemplateSpec template)
    {
        var digest = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(template, KubernetesJson.Options));
        return string.Create(Length, digest, (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }
}
