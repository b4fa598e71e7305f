using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>
/// A local copy of all objects of one kind, kept current by list and watch. Objects handed out are shared
/// and must not be changed.
/// </summary>
public interface IInformer<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Whether the first list has been taken in and every handler has been called for it.</summary>
    bool HasSynced { get; }

    /// <summary>
    /// Why the kind cannot be followed at present: the cluster does not serve it (404) or this client may not list it (403); null while
    /// it is followed. Only of an informer that is <see cref="InformerOptions.IsOptional"/>.
    /// </summary>
    KubernetesException? Refusal => null;

    /// <summary>Completes when <see cref="HasSynced"/> turns true.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);

    /// <summary>The object of that name, or null. O(1).</summary>
    T? Get(string name, string? namespaceName = null);

    /// <summary>All objects, or those of a namespace.</summary>
    IReadOnlyList<T> List(string? namespaceName = null);

    /// <summary>The objects that an index function (see <see cref="AddIndex"/>) gave this value. O(1) in the number of objects.</summary>
    IReadOnlyList<T> ByIndex(string indexName, string value);

    /// <summary>Adds an index; call before the informer is started.</summary>
    void AddIndex(string indexName, Func<T, IEnumerable<string>> valuesOf);

    /// <summary>
    /// Trims every object before it is stored and handed out, to save memory; call before the informer is started.
    /// Never remove name, namespace, uid or version.
    /// </summary>
    void SetTransform(Action<T> transform);

    /// <summary>
    /// Adds a handler, called in order, one event at a time, for every change; for a relist it is called with the
    /// difference, deletes included. Each handler has a queue of its own: a slow one falls behind alone. Call before
    /// the informer is started.
    /// </summary>
    IHandlerRegistration AddHandler(Action<InformerEvent<T>> handler);

    /// <summary>Lists and watches until cancelled, reconnecting with backoff.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
