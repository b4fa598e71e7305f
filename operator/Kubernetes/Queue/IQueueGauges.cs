namespace ModelOperator.Kubernetes.Queue;

/// <summary>What a queue is asked at each scrape.</summary>
internal interface IQueueGauges
{
    /// <summary>How many keys wait, by priority.</summary>
    IReadOnlyList<(int Priority, int Count)> Depths();

    /// <summary>How long the keys that are being worked on have been so.</summary>
    (TimeSpan Sum, TimeSpan Longest) Unfinished();
}
