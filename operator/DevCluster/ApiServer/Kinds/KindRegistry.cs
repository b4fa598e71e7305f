using System.Collections.Immutable;

namespace ModelOperator.DevCluster.ApiServer.Kinds;

/// <summary>The resources served now. Readers see one consistent set; custom resources come and go.</summary>
internal sealed class KindRegistry(IEnumerable<ResourceKind> builtIn)
{
    private ImmutableList<ResourceKind> _kinds = [.. builtIn];
    private long _version;

    public IReadOnlyList<ResourceKind> Kinds => Volatile.Read(ref _kinds);

    /// <summary>Changes with every change of the set, for caches.</summary>
    public long Version => Volatile.Read(ref _version);

    public ResourceKind? Find(string group, string version, string plural)
    {
        foreach (var kind in Kinds)
        {
            if (kind.Plural == plural && kind.Version == version && kind.Group == group)
            {
                return kind;
            }
        }

        return null;
    }

    public bool HasGroupVersion(string group, string version) => Kinds.Any(kind => kind.Group == group && kind.Version == version);

    /// <summary>Replaces every served version of a custom resource; an empty list stops serving it.</summary>
    public void Replace(string group, string plural, IReadOnlyList<ResourceKind> versions)
    {
        ImmutableInterlocked.Update(ref _kinds, kinds => kinds.RemoveAll(kind => kind.Group == group && kind.Plural == plural).AddRange(versions));
        Interlocked.Increment(ref _version);
    }
}
