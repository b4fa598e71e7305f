namespace ModelOperator.Kubernetes.Controllers;

/// <summary>The measurements of one controller. Labels are made once; measuring allocates nothing.</summary>
internal sealed class ControllerInstruments
{
    private static readonly KeyValuePair<string, object?>[] Results =
    [
        new("result", "success"), new("result", "requeue"), new("result", "requeue_after"), new("result", "error"),
    ];

    private readonly ControllerMetrics _metrics;
    private readonly KeyValuePair<string, object?> _controller;

    public ControllerInstruments(ControllerMetrics metrics, string name)
    {
        _metrics = metrics;
        _controller = new KeyValuePair<string, object?>("controller", name);
    }

    /// <summary>Makes every series exist, so that the first failure shows as an increase.</summary>
    public void Start(int workers)
    {
        foreach (var result in Results)
        {
            _metrics.Total.Add(0, _controller, result);
        }

        _metrics.Errors.Add(0, _controller);
        _metrics.TerminalErrors.Add(0, _controller);
        _metrics.Panics.Add(0, _controller);
        _metrics.Timeouts.Add(0, _controller);
        _metrics.ActiveWorkers.Add(0, _controller);
        _metrics.MaxConcurrent.Record(workers, _controller);
    }

    public void Begun() => _metrics.ActiveWorkers.Add(1, _controller);

    public void Ended(ReconcileOutcome outcome, TimeSpan took)
    {
        _metrics.ActiveWorkers.Add(-1, _controller);
        if (outcome == ReconcileOutcome.None)
        {
            return;
        }

        _metrics.Time.Record(took.TotalSeconds, _controller);
        _metrics.Total.Add(1, _controller, outcome switch
        {
            ReconcileOutcome.Success => Results[0],
            ReconcileOutcome.Requeue => Results[1],
            ReconcileOutcome.RequeueAfter => Results[2],
            _ => Results[3],
        });
        if (outcome is ReconcileOutcome.Error or ReconcileOutcome.TerminalError)
        {
            _metrics.Errors.Add(1, _controller);
        }

        if (outcome == ReconcileOutcome.TerminalError)
        {
            _metrics.TerminalErrors.Add(1, _controller);
        }
    }

    public void Panicked() => _metrics.Panics.Add(1, _controller);

    public void TimedOut() => _metrics.Timeouts.Add(1, _controller);
}
