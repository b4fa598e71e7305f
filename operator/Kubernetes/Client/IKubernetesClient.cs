using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// A client of the Kubernetes API. Every failure that the server answers is a
/// <see cref="KubernetesException"/> carrying its <c>Status</c>; nothing is retried silently except what
/// the server asked for with <c>Retry-After</c>.
/// </summary>
public interface IKubernetesClient
{
    /// <summary>Reads one object; null when it does not exist.</summary>
    Task<T?> GetAsync<T>(string name, string? namespaceName = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Lists objects.</summary>
    Task<KubernetesList<T>> ListAsync<T>(ListOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Follows changes until the server or the caller ends the stream.</summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(WatchOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Creates an object; fails with AlreadyExists when the name is taken.</summary>
    Task<T> CreateAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Replaces an object; fails with Conflict when its resourceVersion is set and not current.</summary>
    Task<T> UpdateAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Replaces the status of an object.</summary>
    Task<T> UpdateStatusAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Server-side apply: states the fields that this manager wants; null members are not sent.</summary>
    Task<T> ApplyAsync<T>(T entity, string fieldManager, bool force = true, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Server-side apply of the status subresource; spec and unowned metadata of the entity are not sent.</summary>
    Task<T> ApplyStatusAsync<T>(T entity, string fieldManager, bool force = true, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Patches an object, or a subresource of it such as <c>status</c> or <c>scale</c>.</summary>
    Task<T> PatchAsync<T>(
        string name, string? namespaceName, PatchType type, JsonNode patch, string? subresource = null, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Deletes an object; one that does not exist is no error. Returns whether it existed.</summary>
    Task<bool> DeleteAsync<T>(
        string name, string? namespaceName = null, DeleteOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;
}
