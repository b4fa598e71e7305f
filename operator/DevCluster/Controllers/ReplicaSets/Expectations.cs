using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.DevCluster.Controllers.ReplicaSets;

/// <summary>
/// What a controller has written but not yet seen: until it has, its cache is stale and must not be acted on, or the same pod
/// would be created twice.
/// </summary>
internal sealed class Expectations(TimeProvider time)
{
    /// <summary>A write that is not seen for this long is forgotten: it was lost, or came and went unseen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, Dictionary<string, DateTimeOffset>> _expected = [];

    /// <summary>Expects to see a write; call before making it.</summary>
    public void Expect(ObjectKey owner, string write)
    {
        lock (_lock)
        {
            if (!_expected.TryGetValue(owner, out var writes))
            {
                _expected[owner] = writes = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            }

            writes[write] = time.GetUtcNow() + Patience;
        }
    }

    /// <summary>A write was seen, or it failed.</summary>
    public void Settle(ObjectKey owner, string write)
    {
        lock (_lock)
        {
            if (_expected.TryGetValue(owner, out var writes) && writes.Remove(write) && writes.Count == 0)
            {
                _expected.Remove(owner);
            }
        }
    }

    /// <summary>When the last outstanding write is given up; null when all have been seen.</summary>
    public DateTimeOffset? OutstandingUntil(ObjectKey owner)
    {
        lock (_lock)
        {
            if (!_expected.TryGetValue(owner, out var writes))
            {
                return null;
            }

            var now = time.GetUtcNow();
            var left = writes.Values.Where(until => until > now).ToList();
            if (left.Count > 0)
            {
                return left.Max();
            }

            _expected.Remove(owner);
            return null;
        }
    }
}
