using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>Lists and watches by the arguments that most callers need.</summary>
public static class KubernetesClientExtensions
{
    /// <summary>Lists the newest state of objects of one namespace or (null) of all.</summary>
    public static Task<KubernetesList<T>> ListAsync<T>(
        this IKubernetesClient client,
        string? namespaceName = null,
        string? labelSelector = null,
        string? fieldSelector = null,
        CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        client.ListAsync<T>(
            new ListOptions { NamespaceName = namespaceName, LabelSelector = labelSelector, FieldSelector = fieldSelector }, cancellationToken);

    /// <summary>Follows changes from a resource version on until the server or the caller ends the stream.</summary>
    public static IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        this IKubernetesClient client,
        string? namespaceName = null,
        string? labelSelector = null,
        string? fieldSelector = null,
        string? resourceVersion = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        client.WatchAsync<T>(
            new WatchOptions
            {
                NamespaceName = namespaceName,
                LabelSelector = labelSelector,
                FieldSelector = fieldSelector,
                ResourceVersion = resourceVersion,
                Timeout = timeout,
            },
            cancellationToken);
}
