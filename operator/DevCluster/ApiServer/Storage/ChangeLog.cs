namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>
/// The recent writes of one resource. Watchers read it at their own pace, so a slow one costs the writer nothing: it falls behind
/// what is kept and is told so.
/// </summary>
internal sealed class ChangeLog(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<Change> _changes = new();
    private TaskCompletionSource _appended = NewSignal();
    private long _compactedAt;
    private bool _closed;

    public void Append(Change change)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _changes.Enqueue(change);
            if (_changes.Count > capacity)
            {
                _compactedAt = _changes.Dequeue().Revision;
            }

            signal = _appended;
            _appended = NewSignal();
        }

        signal.SetResult();
    }

    /// <summary>Ends every watch: the resource is no longer served.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _appended.TrySetResult();
    }

    /// <summary>Forgets what is kept, as etcd's compaction does; watches from an earlier revision get 410.</summary>
    public void Compact(long revision)
    {
        lock (_gate)
        {
            while (_changes.TryPeek(out var oldest) && oldest.Revision <= revision)
            {
                _changes.Dequeue();
            }

            _compactedAt = Math.Max(_compactedAt, revision);
        }
    }

    /// <summary>What was written after a revision, and a task that completes at the next write.</summary>
    public ChangeLogPage ReadAfter(long revision)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return new ChangeLogPage(ChangeLogState.Closed, [], Task.CompletedTask);
            }

            if (revision < _compactedAt)
            {
                return new ChangeLogPage(ChangeLogState.Compacted, [], Task.CompletedTask);
            }

            return new ChangeLogPage(ChangeLogState.Current, [.. _changes.SkipWhile(change => change.Revision <= revision)], _appended.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
