namespace ModelOperator.Kubernetes.Builder;

/// <summary>Which of several processes works.</summary>
public enum LeaderElectionType
{
    /// <summary>Every one; right only when there is one.</summary>
    None,

    /// <summary>One, elected by a Lease; the others stand by with warm caches.</summary>
    Single,
}
