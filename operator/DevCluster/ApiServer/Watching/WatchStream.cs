using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Watching;

/// <summary>One watch: writes events to one response until the client leaves or the time is up.</summary>
internal sealed class WatchStream(ObjectStore store, TimeProvider time, WatchRequest request, HttpResponse response)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);

    private readonly WatchEventWriter _events = new(request, response.BodyWriter, time);
    private readonly ChangeSignal _signal = new();
    private volatile bool _isTimeUp;
    private volatile bool _isBookmarkDue;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var log = store.Log(request.Kind.Storage);
        log.Subscribe(_signal);
        try
        {
            using var left = cancellationToken.UnsafeRegister(signal => ((ChangeSignal)signal!).Wake(), _signal);
            await using var timeout = time.CreateTimer(_ => TimeUp(), null, request.Timeout, Timeout.InfiniteTimeSpan);
            await using var bookmarks = time.CreateTimer(_ => BookmarkDue(), null, BookmarkInterval, BookmarkInterval);
            response.ContentType = "application/json";
            await response.StartAsync(cancellationToken);
            var cursor = request.ResourceVersion ?? 0;
            if (cursor == 0 || request.SendInitialEvents)
            {
                cursor = await SendInitialAsync(cancellationToken);
            }

            await FlushAsync(cancellationToken);
            await FollowAsync(log, cursor, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
        finally
        {
            log.Unsubscribe(_signal);
        }
    }

    private void TimeUp()
    {
        _isTimeUp = true;
        _signal.Wake();
    }

    private void BookmarkDue()
    {
        _isBookmarkDue = true;
        _signal.Wake();
    }

    private async Task<long> SendInitialAsync(CancellationToken cancellationToken)
    {
        var snapshot = store.List(request.Kind.Storage);
        foreach (var stored in snapshot.Objects.Values)
        {
            if (request.Filter.Matches(stored))
            {
                _events.Write("ADDED", stored);
                if (_events.HasMuch)
                {
                    await FlushAsync(cancellationToken);
                }
            }
        }

        if (request.SendInitialEvents && request.AllowBookmarks)
        {
            _events.WriteBookmark(snapshot.Revision, initialEventsEnd: true);
        }

        return snapshot.Revision;
    }

    private async Task FollowAsync(ChangeLog log, long cursor, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // Read before the log: what the log then lacks did not happen up to here.
            var revision = _isBookmarkDue || _isTimeUp ? store.Revision : cursor;
            var page = log.ReadAfter(cursor);
            if (page.State == ChangeLogState.Closed)
            {
                return;
            }

            if (page.State == ChangeLogState.Compacted)
            {
                _events.Write("ERROR", ApiErrors.Expired($"too old resource version: {cursor} ({store.Revision})").Status);
                await FlushAsync(cancellationToken);
                return;
            }

            if (page.Changes.Count > 0)
            {
                cursor = await SendAsync(page.Changes, cancellationToken);
                continue;
            }

            if (request.AllowBookmarks && (_isBookmarkDue || _isTimeUp))
            {
                // The last bookmark lets the client come back to where the watch ended.
                cursor = Math.Max(cursor, revision);
                _isBookmarkDue = false;
                _events.WriteBookmark(cursor, initialEventsEnd: false);
                await FlushAsync(cancellationToken);
            }

            if (_isTimeUp)
            {
                return;
            }

            await _signal.WaitAsync();
        }
    }

    private async Task<long> SendAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            _events.Write(change);
            if (_events.HasMuch)
            {
                await FlushAsync(cancellationToken);
            }
        }

        await FlushAsync(cancellationToken);
        return changes[^1].Revision;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if ((await response.BodyWriter.FlushAsync(cancellationToken)).IsCompleted)
        {
            throw new OperationCanceledException("the client left");
        }
    }
}
