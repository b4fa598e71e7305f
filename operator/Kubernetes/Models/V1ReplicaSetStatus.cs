namespace ModelOperator.Kubernetes.Models;

/// <summary>What became of a ReplicaSet.</summary>
public sealed class V1ReplicaSetStatus
{
    public int? Replicas { get; set; }

    public int? FullyLabeledReplicas { get; set; }

    public int? ReadyReplicas { get; set; }

    public int? AvailableReplicas { get; set; }

    public long? ObservedGeneration { get; set; }
}
