using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Gets and lists.</summary>
internal sealed class ObjectReader(ObjectStore store)
{
    private readonly PagedSnapshots _pages = new();

    /// <exception cref="ApiException">504: the object is asked for as of a version that is yet to come.</exception>
    public void CheckVersion(IQueryCollection query)
    {
        if (query["resourceVersion"].FirstOrDefault() is { Length: > 0 } text && long.TryParse(text, out var version) && version > store.Revision)
        {
            throw ApiErrors.RevisionInFuture(version, store.Revision);
        }
    }

    public StoredObject Get(ResourceKind kind, string? ns, string name) =>
        store.Get(kind.Storage, new ObjectKey(ns ?? "", name)) ?? throw ApiErrors.NotFound(kind, name);

    /// <returns>The objects of one page and the metadata of their list.</returns>
    public (List<StoredObject> Items, JsonObject Metadata) List(ResourceKind kind, ObjectFilter filter, ListOptions options)
    {
        var (snapshot, after) = Start(kind, options);
        var limit = options.Limit ?? int.MaxValue;
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

    private (Snapshot Snapshot, ObjectKey? After) Start(ResourceKind kind, ListOptions options)
    {
        if (options.Continue is { } token)
        {
            return Resume(kind, token);
        }

        var snapshot = store.List(kind.Storage);
        if (options.ResourceVersion > snapshot.Revision)
        {
            throw ApiErrors.RevisionInFuture(options.ResourceVersion.Value, snapshot.Revision);
        }

        // A page of a list that asks for exactly one version must be of that version.
        var wantsExact = options.Match == "Exact" || (options is { Match: "", Limit: not null, ResourceVersion: > 0 });
        if (wantsExact && options.ResourceVersion is { } exact && exact != snapshot.Revision)
        {
            return (_pages.At(kind.Storage, exact) ?? store.Rewind(kind.Storage, exact)
                ?? throw ApiErrors.Expired("The resourceVersion for the provided list is too old."), null);
        }

        return (snapshot, null);
    }

    private (Snapshot Snapshot, ObjectKey? After) Resume(ResourceKind kind, string token)
    {
        try
        {
            return _pages.Resume(kind.Storage, token) is { } page
                ? (page.Snapshot, page.After)
                : throw ApiErrors.Expired("The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
        }
        catch (FormatException exception)
        {
            throw ApiErrors.BadRequest($"invalid continue token: {exception.Message}");
        }
    }
}
