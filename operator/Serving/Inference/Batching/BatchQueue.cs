namespace ModelOperator.Serving.Inference.Batching;

/// <summary>
/// Which requests go to the model next. A state machine: every call tells it what happened and when, none waits, and its caller
/// makes sure that they do not overlap. Times are since the engine began.
/// </summary>
/// <remarks>
/// Of the groups that may leave, the one with the oldest request does; of a group, the requests leave in the order in which they
/// came. A group may leave when it fills a batch or its oldest request has waited as long as the settings say.
/// </remarks>
internal sealed class BatchQueue(BatchSettings batching, QueueSettings limits, int slots)
{
    private readonly List<BatchGroup> _groups = [];
    private readonly ServiceTime _service = new(slots, batching.MaxSize, limits.MaxWait);
    private int _free = slots;
    private int _rows;
    private long _added;
    private TimeSpan _firstDeadline = TimeSpan.MaxValue;

    /// <summary>Requests that wait.</summary>
    public int Count { get; private set; }

    /// <summary>When <see cref="Next"/> or <see cref="Expire"/> would do something although nothing else happened; null: never.</summary>
    public TimeSpan? Wake
    {
        get
        {
            var wake = _firstDeadline;
            if (_free > 0)
            {
                foreach (var group in _groups)
                {
                    var due = group.Oldest.Enqueued + batching.MaxDelay;
                    wake = due < wake ? due : wake;
                }
            }
            return wake == TimeSpan.MaxValue ? null : wake;
        }
    }

    /// <summary>Takes a slot for a request that need not wait: nobody is before it and it waits for nobody.</summary>
    public bool TryEnter()
    {
        if (_free == 0 || Count > 0 || (batching.On && batching.MaxDelay > TimeSpan.Zero))
        {
            return false;
        }
        _free--;
        return true;
    }

    /// <exception cref="QueueFullException">It would wait too long.</exception>
    public void Add(PendingRequest pending)
    {
        Admit(pending);
        var group = GroupOf(pending.Request);
        pending.Number = _added++;
        pending.Group = group;
        pending.Place = group.Waiting.AddLast(pending);
        group.Rows += pending.Rows;
        _rows += pending.Rows;
        Count++;
        _firstDeadline = pending.Deadline < _firstDeadline ? pending.Deadline : _firstDeadline;
    }

    /// <returns>A batch, which has a slot from now on; null when none may leave.</returns>
    public Batch? Next(TimeSpan now)
    {
        if (_free == 0)
        {
            return null;
        }
        BatchGroup? next = null;
        foreach (var group in _groups)
        {
            var leaves = group.Rows >= batching.MaxSize || now - group.Oldest.Enqueued >= batching.MaxDelay;
            if (leaves && (next is null || group.Oldest.Number < next.Oldest.Number))
            {
                next = group;
            }
        }
        if (next is null)
        {
            return null;
        }
        _free--;
        var members = new List<PendingRequest>();
        var rows = 0;
        while (next.Waiting.First?.Value is { } pending && (rows == 0 || rows + pending.Rows <= batching.MaxSize))
        {
            rows += pending.Rows;
            members.Add(pending);
            Remove(pending);
        }
        return new Batch(members);
    }

    /// <summary>Gives a slot back.</summary>
    /// <param name="took">How long the model ran; null when it did not.</param>
    public void Leave(TimeSpan? took)
    {
        _free++;
        if (took is { } duration)
        {
            _service.Ran(duration);
        }
    }

    /// <returns>False when the request does not wait any more.</returns>
    public bool Withdraw(PendingRequest pending)
    {
        if (pending.Group is null)
        {
            return false;
        }
        Remove(pending);
        return true;
    }

    /// <summary>Takes out the requests whose deadline has come.</summary>
    public List<PendingRequest> Expire(TimeSpan now)
    {
        if (now < _firstDeadline)
        {
            return [];
        }
        List<PendingRequest> waiting = [.. _groups.SelectMany(group => group.Waiting)];
        var expired = waiting.FindAll(pending => pending.Deadline <= now);
        expired.ForEach(Remove);
        _firstDeadline = waiting.Where(pending => pending.Deadline > now).Select(pending => pending.Deadline).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        return expired;
    }

    private void Admit(PendingRequest pending)
    {
        if (_free > 0)
        {
            return;
        }
        var wait = _service.WaitBehind(_rows);
        if (Count >= limits.MaxRequests)
        {
            throw new QueueFullException($"{Count} requests wait for the model, the most that may", wait);
        }
        if (wait > _service.MaxWait)
        {
            throw new QueueFullException(
                $"the request would wait {wait.TotalMilliseconds:0} ms for the model, longer than the {_service.MaxWait.TotalMilliseconds:0} ms that one may", wait);
        }
        if (pending.Deadline < pending.Enqueued + wait)
        {
            throw new QueueFullException($"the request would wait {wait.TotalMilliseconds:0} ms for the model, longer than its timeout", wait);
        }
    }

    private BatchGroup GroupOf(InferenceRequest request)
    {
        var group = batching.On ? _groups.Find(group => group.Takes(request)) : _groups.FirstOrDefault();
        if (group is null)
        {
            group = new BatchGroup(request);
            _groups.Add(group);
        }
        return group;
    }

    private void Remove(PendingRequest pending)
    {
        var group = pending.Group!;
        group.Waiting.Remove(pending.Place!);
        group.Rows -= pending.Rows;
        _rows -= pending.Rows;
        Count--;
        (pending.Group, pending.Place) = (null, null);
        if (group.Waiting.Count == 0)
        {
            _groups.Remove(group);
        }
    }
}
