using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Resources;
using ModelOperator.DevCluster.ApiServer.Storage;
using ModelOperator.DevCluster.ApiServer.Tables;

namespace ModelOperator.DevCluster.ApiServer.Watching;

/// <summary>One watch: writes events to one response until the client leaves or the time is up.</summary>
internal sealed class WatchStream(ObjectStore store, TimeProvider time, WatchRequest request, HttpResponse response)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);
    private bool _headerSent;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "application/json";
        using var timeout = new CancellationTokenSource(request.Timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var cursor = request.ResourceVersion ?? 0;
        try
        {
            await response.StartAsync(ended.Token);
            if (cursor == 0 || request.SendInitialEvents)
            {
                cursor = await SendInitialAsync(ended.Token);
            }

            await response.Body.FlushAsync(ended.Token);
            cursor = await FollowAsync(cursor, ended.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The last bookmark lets the client come back to where the watch ended.
            if (request.AllowBookmarks)
            {
                await SendBookmarkAsync(store.Revision, false, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
    }

    private async Task<long> SendInitialAsync(CancellationToken cancellationToken)
    {
        var snapshot = store.List(request.Kind.Storage);
        foreach (var stored in snapshot.Objects.Values)
        {
            if (request.Filter.Matches(stored.Key, stored.Content))
            {
                await SendAsync("ADDED", stored.Content, cancellationToken);
            }
        }

        if (request.SendInitialEvents && request.AllowBookmarks)
        {
            await SendBookmarkAsync(snapshot.Revision, true, cancellationToken);
        }

        return snapshot.Revision;
    }

    private async Task<long> FollowAsync(long cursor, CancellationToken cancellationToken)
    {
        var log = store.Log(request.Kind.Storage);
        var bookmark = NextBookmark(cancellationToken);
        while (true)
        {
            var page = log.ReadAfter(cursor);
            if (page.State == ChangeLogState.Closed)
            {
                return cursor;
            }

            if (page.State == ChangeLogState.Compacted)
            {
                await WriteAsync("ERROR", ApiErrors.Expired($"too old resource version: {cursor} ({store.Revision})").Status, cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
                return cursor;
            }

            foreach (var change in page.Changes)
            {
                await SendChangeAsync(change, cancellationToken);
                cursor = change.Revision;
            }

            if (page.Changes.Count > 0)
            {
                await response.Body.FlushAsync(cancellationToken);
            }

            if (await Task.WhenAny(page.Next, bookmark) != bookmark)
            {
                continue;
            }

            await bookmark;
            // Read before the log: what the log then lacks did not happen up to here.
            var revision = store.Revision;
            if (request.AllowBookmarks && log.ReadAfter(cursor) is { State: ChangeLogState.Current, Changes.Count: 0 })
            {
                cursor = Math.Max(cursor, revision);
                await SendBookmarkAsync(cursor, false, cancellationToken);
            }

            bookmark = NextBookmark(cancellationToken);
        }
    }

    private Task NextBookmark(CancellationToken cancellationToken) => Task.Delay(BookmarkInterval, time, cancellationToken);

    private Task SendChangeAsync(Change change, CancellationToken cancellationToken)
    {
        var matched = change.Previous is { } previous && request.Filter.Matches(previous.Key, previous.Content);
        var matches = request.Filter.Matches(change.Object.Key, change.Object.Content);
        var type = change.Type switch
        {
            ChangeType.Deleted => matched ? "DELETED" : null,
            _ when matches => matched ? "MODIFIED" : "ADDED",
            _ => matched ? "DELETED" : null,
        };
        return type is null ? Task.CompletedTask : SendAsync(type, change.Object.Content, cancellationToken);
    }

    private Task SendAsync(string type, JsonObject content, CancellationToken cancellationToken)
    {
        var obj = ObjectView.Of(content, request.Kind);
        switch (request.Format)
        {
            case OutputFormat.Table:
                var metadata = new JsonObject { ["resourceVersion"] = obj.ResourceVersion() };
                var table = TableBuilder.Build(request.Kind, [obj], metadata, request.IncludeObject, time.GetUtcNow(), withHeader: !_headerSent);
                _headerSent = true;
                return WriteAsync(type, table, cancellationToken);
            case OutputFormat.PartialMetadata:
                return WriteAsync(type, ObjectView.PartialMetadata(obj), cancellationToken);
            default:
                return WriteAsync(type, obj, cancellationToken);
        }
    }

    private async Task SendBookmarkAsync(long revision, bool initialEventsEnd, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(), ["creationTimestamp"] = null };
        if (initialEventsEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var obj = new JsonObject { ["kind"] = request.Kind.Kind, ["apiVersion"] = request.Kind.ApiVersion, ["metadata"] = metadata };
        if (request.Format == OutputFormat.Table)
        {
            obj = TableBuilder.Build(request.Kind, [], metadata.Copy(), request.IncludeObject, time.GetUtcNow(), withHeader: false);
        }

        await WriteAsync("BOOKMARK", obj, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(string type, JsonObject obj, CancellationToken cancellationToken)
    {
        var prefix = System.Text.Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":");
        var bytes = ResponseWriter.Serialize(obj);
        await response.Body.WriteAsync(prefix, cancellationToken);
        await response.Body.WriteAsync(bytes, cancellationToken);
        await response.Body.WriteAsync("}\n"u8.ToArray(), cancellationToken);
    }
}
