using System.Collections.Concurrent;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Soak;

/// <summary>A controller that only remembers: the version that it last saw of each object, until it is told that the object is gone.</summary>
internal sealed class SeenObjects : IEntityController<V1ConfigMap>
{
    private readonly ConcurrentDictionary<ObjectKey, string> _versions = new();
    private long _calls;

    /// <summary>How often it was called.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>What it believes to be there.</summary>
    public IReadOnlyDictionary<ObjectKey, string> Versions => _versions;

    public Task<ReconciliationResult<V1ConfigMap>> ReconcileAsync(V1ConfigMap entity, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        _versions[entity.Key()] = entity.ResourceVersion()!;
        return Task.FromResult(ReconciliationResult<V1ConfigMap>.Success(entity));
    }

    public Task<ReconciliationResult<V1ConfigMap>> DeletedAsync(V1ConfigMap entity, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        _versions.TryRemove(entity.Key(), out _);
        return Task.FromResult(ReconciliationResult<V1ConfigMap>.Success(entity));
    }
}
