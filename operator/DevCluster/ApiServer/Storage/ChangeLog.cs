namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>
/// The recent writes of one resource. Watchers read it at their own pace, so a slow one costs the writer nothing: it falls behind
/// what is kept and is told so.
/// </summary>
internal sealed class ChangeLog(int capacity)
{
    // A reader far behind sends what it has before it takes more.
    private const int PageLength = 256;

    private readonly Lock _gate = new();
    private readonly HashSet<ChangeSignal> _readers = [];
    private Change[] _ring = new Change[Math.Min(16, capacity)];
    private int _first;
    private int _count;
    private long _compactedAt;
    private bool _closed;

    /// <summary>Takes in a write; <see cref="Wake"/> tells the readers.</summary>
    public void Append(Change change)
    {
        lock (_gate)
        {
            if (_count == capacity)
            {
                _compactedAt = At(0).Revision;
                Drop();
            }

            if (_count == _ring.Length)
            {
                Grow();
            }

            _ring[(_first + _count) % _ring.Length] = change;
            _count++;
        }
    }

    public void Wake()
    {
        lock (_gate)
        {
            foreach (var reader in _readers)
            {
                reader.Wake();
            }
        }
    }

    public void Subscribe(ChangeSignal reader)
    {
        lock (_gate)
        {
            _readers.Add(reader);
        }
    }

    public void Unsubscribe(ChangeSignal reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
        }
    }

    /// <summary>Ends every watch once it has seen all: the resource is no longer served.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        Wake();
    }

    /// <summary>Forgets what is kept, as etcd's compaction does; watches from an earlier revision get 410.</summary>
    public void Compact(long revision)
    {
        lock (_gate)
        {
            while (_count > 0 && At(0).Revision <= revision)
            {
                Drop();
            }

            _compactedAt = Math.Max(_compactedAt, revision);
        }
    }

    /// <summary>What was written after a revision, as far as one page goes.</summary>
    public ChangeLogPage ReadAfter(long revision)
    {
        lock (_gate)
        {
            if (revision < _compactedAt)
            {
                return new ChangeLogPage(ChangeLogState.Compacted, []);
            }

            var start = CountUpTo(revision);
            var changes = new Change[Math.Min(_count - start, PageLength)];
            for (var i = 0; i < changes.Length; i++)
            {
                changes[i] = At(start + i);
            }

            return new ChangeLogPage(_closed && changes.Length == 0 ? ChangeLogState.Closed : ChangeLogState.Current, changes);
        }
    }

    /// <summary>Everything that was written after a revision; null when some of it is forgotten.</summary>
    public IReadOnlyList<Change>? Since(long revision)
    {
        lock (_gate)
        {
            return revision < _compactedAt ? null : [.. Enumerable.Range(CountUpTo(revision), _count - CountUpTo(revision)).Select(At)];
        }
    }

    private Change At(int index) => _ring[(_first + index) % _ring.Length];

    private void Drop()
    {
        _ring[_first] = null!;
        _first = (_first + 1) % _ring.Length;
        _count--;
    }

    private void Grow()
    {
        var larger = new Change[Math.Min(_ring.Length * 2, capacity)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }

        (_ring, _first) = (larger, 0);
    }

    private int CountUpTo(long revision)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Revision <= revision)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
