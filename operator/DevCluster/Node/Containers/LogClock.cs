namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>
/// When each part of a log was written. Programs write to the file themselves, so the node knows it only as often as it looks at the
/// file's length.
/// </summary>
internal sealed class LogClock
{
    private const int MaxMarks = 4096;

    private readonly Lock _lock = new();
    private readonly List<(long Length, DateTimeOffset At)> _marks = [];

    /// <summary>Takes note of the length of the log.</summary>
    public void Observe(long length, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (length <= (_marks.Count > 0 ? _marks[^1].Length : 0))
            {
                return;
            }

            _marks.Add((length, now));
            if (_marks.Count > MaxMarks)
            {
                // The old half with half the precision.
                var kept = _marks.Where((_, index) => index >= MaxMarks / 2 || index % 2 == 1).ToList();
                _marks.Clear();
                _marks.AddRange(kept);
            }
        }
    }

    /// <summary>When the byte at an offset was written; <paramref name="now"/> for one that has not been seen yet.</summary>
    public DateTimeOffset TimeOf(long offset, DateTimeOffset now)
    {
        lock (_lock)
        {
            var first = _marks.FindIndex(mark => mark.Length > offset);
            return first < 0 ? now : _marks[first].At;
        }
    }

    /// <summary>Where what was written at a time or later begins.</summary>
    public long OffsetAt(DateTimeOffset since)
    {
        lock (_lock)
        {
            var last = _marks.FindLastIndex(mark => mark.At < since);
            return last < 0 ? 0 : _marks[last].Length;
        }
    }
}
