namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>A Lease as it was at one moment.</summary>
/// <param name="Record">What it said.</param>
/// <param name="ResourceVersion">The version that a write of it has to name.</param>
internal sealed record LeaseVersion(LeaseRecord Record, string ResourceVersion);
