namespace ModelOperator.Kubernetes.Queue;

/// <summary>Priorities of keys; higher ones go first.</summary>
public static class QueuePriority
{
    /// <summary>Changes.</summary>
    public const int Normal = 0;

    /// <summary>What is told without having changed: the first list and resyncs (controller-runtime's number).</summary>
    public const int Low = -100;
}
