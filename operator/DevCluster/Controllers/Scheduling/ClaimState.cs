namespace ModelOperator.DevCluster.Controllers.Scheduling;

/// <summary>Whether a pod can have the storage that a claim asks for.</summary>
internal enum ClaimState
{
    Pending,
    Bound,
}
