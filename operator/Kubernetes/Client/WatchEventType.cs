namespace ModelOperator.Kubernetes.Client;

/// <summary>What happened to a watched object.</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
}
