using System.Collections.Immutable;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>What a Deployment needs.</summary>
/// <param name="Actions">Writes to ReplicaSets.</param>
/// <param name="Revision">The revision the Deployment is at.</param>
/// <param name="Status">Its status now.</param>
/// <param name="LookAgainAt">When its progress deadline passes.</param>
internal sealed record DeploymentPlan(
    ImmutableArray<DeploymentAction> Actions, long? Revision, V1DeploymentStatus Status, DateTimeOffset? LookAgainAt);
