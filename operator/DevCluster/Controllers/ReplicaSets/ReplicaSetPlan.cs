using System.Collections.Immutable;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.ReplicaSets;

/// <summary>What a ReplicaSet needs.</summary>
/// <param name="Create">How many pods to make.</param>
/// <param name="Delete">Pods to delete.</param>
/// <param name="Status">Its status now.</param>
/// <param name="LookAgainAt">When a pod becomes available by the mere passing of time.</param>
internal sealed record ReplicaSetPlan(int Create, ImmutableArray<V1Pod> Delete, V1ReplicaSetStatus Status, DateTimeOffset? LookAgainAt);
