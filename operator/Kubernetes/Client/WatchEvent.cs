using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>One event of a watch; a bookmark carries only metadata.</summary>
public readonly record struct WatchEvent<T>(WatchEventType Type, T Object)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    /// <summary>Whether it is the bookmark behind the last of the objects that there were at the start.</summary>
    public bool EndsInitialEvents => Type == WatchEventType.Bookmark && Object.GetAnnotation(InitialEventsEnd) == "true";
}
