using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>A change of the store.</summary>
/// <param name="Type">Added, Modified or Deleted.</param>
/// <param name="Object">The object as it is now, or as it was last known when deleted.</param>
/// <param name="Previous">The object before, when Modified.</param>
/// <param name="IsInitialList">Whether it came with the first list.</param>
public readonly record struct InformerEvent<T>(WatchEventType Type, T Object, T? Previous, bool IsInitialList)
{
    /// <summary>Whether nothing changed and it is only told again.</summary>
    public bool IsResync { get; init; }

    /// <summary>Whether the object was deleted unseen, so that it may have changed before its end.</summary>
    public bool IsFinalStateUnknown { get; init; }
}
