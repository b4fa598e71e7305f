namespace ModelOperator.Kubernetes.Client;

/// <summary>One event of a watch; a bookmark carries only metadata.</summary>
public readonly record struct WatchEvent<T>(WatchEventType Type, T Object);
