using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Gets and lists.</summary>
internal sealed class ObjectReader(ObjectStore store)
{
    private readonly PagedSnapshots _pages = new();

    public StoredObject Get(ResourceKind kind, string? ns, string name) =>
        store.Get(kind.Storage, new ObjectKey(ns ?? "", name)) ?? throw ApiErrors.NotFound(kind, name);

    /// <returns>The objects of one page and the metadata of their list.</returns>
    public (List<StoredObject> Items, JsonObject Metadata) List(ResourceKind kind, ObjectFilter filter, IQueryCollection query)
    {
        var (snapshot, after) = Start(kind, query);
        var limit = int.TryParse(query["limit"], out var value) && value > 0 ? value : int.MaxValue;
        var items = new List<StoredObject>();
        var metadata = new JsonObject { ["resourceVersion"] = snapshot.Revision.ToString() };
        ObjectKey last = default;
        foreach (var (key, stored) in snapshot.Objects)
        {
            if (after is { } previous && key.CompareTo(previous) <= 0)
            {
                continue;
            }

            if (!filter.Matches(stored))
            {
                continue;
            }

            if (items.Count == limit)
            {
                metadata["continue"] = _pages.Continue(kind.Storage, snapshot, last);
                // Counting what a selector leaves would mean to read it all.
                if (filter.Labels.IsEverything && filter.Fields.IsEverything)
                {
                    metadata["remainingItemCount"] = snapshot.Objects.Count(rest => rest.Key.CompareTo(last) > 0 && filter.Matches(rest.Value));
                }

                break;
            }

            items.Add(stored);
            last = key;
        }

        return (items, metadata);
    }

    private (Snapshot Snapshot, ObjectKey? After) Start(ResourceKind kind, IQueryCollection query)
    {
        if (query["continue"].FirstOrDefault() is { Length: > 0 } token)
        {
            try
            {
                return _pages.Resume(kind.Storage, token) is { } page
                    ? (page.Snapshot, page.After)
                    : throw ApiErrors.Expired("The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
            }
            catch (FormatException exception)
            {
                throw ApiErrors.BadRequest(exception.Message);
            }
        }

        var snapshot = store.List(kind.Storage);
        if (query["resourceVersion"].FirstOrDefault() is { Length: > 0 } text)
        {
            if (!long.TryParse(text, out var revision))
            {
                throw ApiErrors.BadRequest($"resourceVersion: Invalid value: \"{text}\": must be a number");
            }

            if (revision > snapshot.Revision)
            {
                throw ApiErrors.RevisionInFuture(revision, snapshot.Revision);
            }
        }

        return (snapshot, null);
    }
}
