using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>Takes in what a reflector receives, on one thread at a time.</summary>
internal interface IReflectorSink<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>These are all objects there are, besides those that cannot be read and stay as they were.</summary>
    void Replace(IReadOnlyList<T> entities, IReadOnlySet<ObjectKey> unreadable, string resourceVersion);

    /// <summary>An optional kind cannot be followed; one that is not served has no objects.</summary>
    void Refuse(KubernetesException refusal);

    /// <summary>An object changed, or only the version moved on.</summary>
    void Apply(in WatchEvent<T> change);
}
