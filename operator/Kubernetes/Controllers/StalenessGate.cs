using System.Collections.Concurrent;
using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>
/// Keeps a key from being reconciled out of a cache that does not show yet what the last reconciliation of it wrote.
/// </summary>
internal sealed class StalenessGate(TimeProvider timeProvider, TimeSpan limit)
{
    private readonly Dictionary<Type, IVersionedCache> _caches = [];
    private readonly ConcurrentDictionary<ObjectKey, Expectation> _expectations = new();

    /// <summary>Makes the gate heed writes of a kind; call before the controller runs.</summary>
    public void Heed(Type type, object informer)
    {
        if (informer is IVersionedCache cache)
        {
            _caches[type] = cache;
        }
    }

    /// <summary>Notes what a reconciliation wrote.</summary>
    public void Expect(ObjectKey key, IReadOnlyDictionary<Type, ulong> written)
    {
        var awaited = written.Where(pair => _caches.ContainsKey(pair.Key)).ToList();
        if (awaited.Count > 0)
        {
            _expectations[key] = new Expectation(awaited, timeProvider.GetTimestamp());
        }
        else
        {
            _expectations.TryRemove(key, out _);
        }
    }

    /// <summary>Whether the caches have caught up with the last reconciliation of a key.</summary>
    public GateState Check(ObjectKey key)
    {
        if (!_expectations.TryGetValue(key, out var expectation))
        {
            return GateState.Open;
        }

        if (expectation.Awaited.All(pair => _caches[pair.Key].HasSeen(pair.Value)))
        {
            _expectations.TryRemove(key, out _);
            return GateState.Open;
        }

        if (timeProvider.GetElapsedTime(expectation.Since) < limit)
        {
            return GateState.Closed;
        }

        _expectations.TryRemove(key, out _);
        return GateState.TimedOut;
    }

    /// <summary>Forgets a key that is gone.</summary>
    public void Forget(ObjectKey key) => _expectations.TryRemove(key, out _);

    private sealed record Expectation(IReadOnlyList<KeyValuePair<Type, ulong>> Awaited, long Since);
}
