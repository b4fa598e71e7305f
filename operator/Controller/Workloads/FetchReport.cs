using System.Text.Json;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.Workloads;

/// <summary>What a pod's init container says of the bytes it brought.</summary>
internal sealed record FetchReport(string? Sha256, long? Bytes)
{
    /// <summary>The digest of the bytes that a pod serves; null while it is not known, or when the fetcher does not tell.</summary>
    public static string? DigestOf(V1Pod pod)
    {
        var fetch = pod.Status?.InitContainerStatuses?.FirstOrDefault(status => status.Name == ModelPod.FetchContainer);
        if (fetch?.State?.Terminated is not { ExitCode: 0, Message: { Length: > 0 } message })
        {
            return null;
        }

        try
        {
            return KubernetesJson.Deserialize<FetchReport>(message).Sha256 is { Length: 64 } sha256 ? sha256 : null;
        }
        catch (JsonException)
        {
            // A fetcher of somebody else's may write anything there.
            return null;
        }
    }
}
