namespace ModelOperator.Kubernetes.Queue;

/// <summary>The measurements of one queue.</summary>
internal sealed class QueueInstruments(WorkQueueMetrics metrics, string name, IQueueGauges gauges) : IDisposable
{
    private readonly KeyValuePair<string, object?> _name = new("name", name);
    private readonly KeyValuePair<string, object?> _controller = new("controller", name);

    public string Name => name;

    public IQueueGauges Gauges => gauges;

    public void Added() => metrics.Adds.Add(1, _name, _controller);

    public void Retried() => metrics.Retries.Add(1, _name, _controller);

    public void Taken(TimeSpan waited) => metrics.QueueDuration.Record(waited.TotalSeconds, _name, _controller);

    public void Done(TimeSpan worked) => metrics.WorkDuration.Record(worked.TotalSeconds, _name, _controller);

    public void Dispose() => metrics.Forget(this);
}
