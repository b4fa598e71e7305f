using System.Collections.Immutable;

namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>Every object of a resource as of one revision.</summary>
internal sealed record Snapshot(long Revision, ImmutableSortedDictionary<ObjectKey, StoredObject> Objects);
