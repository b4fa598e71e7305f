using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>Looks up the ConfigMaps and Secrets a pod refers to.</summary>
internal interface IConfigSource
{
    /// <summary>The values of a ConfigMap; null when there is none.</summary>
    Task<IReadOnlyDictionary<string, byte[]>?> GetConfigMapAsync(string namespaceName, string name, CancellationToken cancellationToken);

    /// <summary>The values of a Secret; null when there is none.</summary>
    Task<IReadOnlyDictionary<string, byte[]>?> GetSecretAsync(string namespaceName, string name, CancellationToken cancellationToken);

    /// <summary>The Services of a namespace, for the variables that name their addresses.</summary>
    IReadOnlyList<V1Service> GetServices(string namespaceName);
}
