using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>Looks up the ConfigMaps and Secrets a pod refers to.</summary>
internal interface IConfigSource
{
    /// <summary>The values of a ConfigMap; null when there is none.</summary>
    Task<IReadOnlyDictionary<string, byte[]>?> GetConfigMapAsync(string namespaceName, string name, CancellationToken cancellationToken);

    /// <summary>The values of a Secret; null when there is none.</summary>
    Task<IReadOnlyDictionary<string, byte[]>?> GetSecretAsync(string namespaceName, string name, CancellationToken cancellationToken);

    /// <summary>The volume that a claim is bound to; empty while it is not, null when there is no such claim.</summary>
    Task<string?> GetBoundVolumeAsync(string namespaceName, string claim, CancellationToken cancellationToken);

    /// <summary>A token of a service account.</summary>
    Task<string> GetTokenAsync(
        string namespaceName, string serviceAccount, V1ServiceAccountTokenProjection projection, CancellationToken cancellationToken);

    /// <summary>The Services of a namespace, for the variables that name their addresses.</summary>
    IReadOnlyList<V1Service> GetServices(string namespaceName);
}
