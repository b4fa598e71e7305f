namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>One committed write, as watchers see it.</summary>
/// <param name="Revision">The revision the write made.</param>
/// <param name="Type">What it did.</param>
/// <param name="Object">The object after the write; for a delete, its last state stamped with the delete's revision.</param>
/// <param name="Previous">The object before the write, for selectors that it no longer matches.</param>
internal sealed record Change(long Revision, ChangeType Type, StoredObject Object, StoredObject? Previous);
