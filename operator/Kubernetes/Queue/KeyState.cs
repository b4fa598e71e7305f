namespace ModelOperator.Kubernetes.Queue;

/// <summary>Where a key stands in a queue.</summary>
internal enum KeyState
{
    /// <summary>Nowhere.</summary>
    Absent,

    /// <summary>It waits for a worker.</summary>
    Ready,

    /// <summary>A worker has it.</summary>
    Processing,

    /// <summary>A worker has it, and it was added meanwhile.</summary>
    ProcessingAgain,
}
