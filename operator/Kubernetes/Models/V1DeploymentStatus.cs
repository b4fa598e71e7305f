namespace ModelOperator.Kubernetes.Models;

/// <summary>What became of a Deployment.</summary>
public sealed class V1DeploymentStatus
{
    public long? ObservedGeneration { get; set; }

    public int? Replicas { get; set; }

    public int? UpdatedReplicas { get; set; }

    public int? ReadyReplicas { get; set; }

    public int? AvailableReplicas { get; set; }

    public int? UnavailableReplicas { get; set; }

    public int? CollisionCount { get; set; }

    public IList<V1DeploymentCondition>? Conditions { get; set; }
}
