using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.Claims;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>Reads ConfigMaps and Secrets when they are needed, so that a container starts with what is true at that moment.</summary>
internal sealed class ApiConfigSource(IKubernetesClient client, PathClient paths, IInformer<V1Service> services) : IConfigSource
{
    public async Task<IReadOnlyDictionary<string, byte[]>?> GetConfigMapAsync(
        string namespaceName, string name, CancellationToken cancellationToken)
    {
        var map = await client.GetAsync<V1ConfigMap>(name, namespaceName, cancellationToken);
        return map is null
            ? null
            : (map.Data ?? new Dictionary<string, string>()).Select(d => KeyValuePair.Create(d.Key, Encoding.UTF8.GetBytes(d.Value)))
                .Concat(map.BinaryData ?? new Dictionary<string, byte[]>())
                .ToDictionary(StringComparer.Ordinal);
    }

    public async Task<IReadOnlyDictionary<string, byte[]>?> GetSecretAsync(
        string namespaceName, string name, CancellationToken cancellationToken)
    {
        var secret = await client.GetAsync<V1Secret>(name, namespaceName, cancellationToken);
        return secret is null ? null : (secret.Data ?? new Dictionary<string, byte[]>()).ToDictionary(StringComparer.Ordinal);
    }

    public async Task<string?> GetBoundVolumeAsync(string namespaceName, string claim, CancellationToken cancellationToken)
    {
        var found = await client.GetAsync<Claim>(claim, namespaceName, cancellationToken);
        return found is null ? null : found.IsBound ? found.Spec.VolumeName ?? "" : "";
    }

    public async Task<string> GetTokenAsync(
        string namespaceName, string serviceAccount, V1ServiceAccountTokenProjection projection, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject
            {
                ["audiences"] = projection.Audience is { Length: > 0 } audience ? new JsonArray(audience) : null,
                ["expirationSeconds"] = projection.ExpirationSeconds ?? 3600,
            },
        };
        var answer = await paths.SendAsync<JsonObject>(
            HttpMethod.Post, $"/api/v1/namespaces/{namespaceName}/serviceaccounts/{serviceAccount}/token", request, cancellationToken);
        return (string?)answer["status"]?["token"] ?? "";
    }

    public IReadOnlyList<V1Service> GetServices(string namespaceName) => services.List(namespaceName);
}
