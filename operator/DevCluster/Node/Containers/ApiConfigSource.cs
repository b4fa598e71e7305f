using System.Text;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>Reads ConfigMaps and Secrets when they are needed, so that a container starts with what is true at that moment.</summary>
internal sealed class ApiConfigSource(IKubernetesClient client, IInformer<V1Service> services) : IConfigSource
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

    public IReadOnlyList<V1Service> GetServices(string namespaceName) => services.List(namespaceName);
}
