namespace ModelOperator.Kubernetes.Informers;

/// <summary>A cache that knows how far it has come.</summary>
internal interface IVersionedCache
{
    /// <summary>Whether everything up to a resource version is in the cache.</summary>
    bool HasSeen(ulong resourceVersion);
}
