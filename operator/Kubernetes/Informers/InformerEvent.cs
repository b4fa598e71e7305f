using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>A change of the store.</summary>
/// <param name="Type">Added, Modified or Deleted.</param>
/// <param name="Object">The object as it is now, or as it was last known when deleted.</param>
/// <param name="Previous">The object before, when Modified.</param>
/// <param name="IsInitialList">Whether it came with the first list.</param>
public readonly record struct InformerEvent<T>(WatchEventType Type, T Object, T? Previous, bool IsInitialList);
