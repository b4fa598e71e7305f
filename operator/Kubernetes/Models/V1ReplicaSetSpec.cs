namespace ModelOperator.Kubernetes.Models;

/// <summary>What a ReplicaSet keeps running.</summary>
public sealed class V1ReplicaSetSpec
{
    public int? Replicas { get; set; }

    public int? MinReadySeconds { get; set; }

    public V1LabelSelector? Selector { get; set; }

    public V1PodTemplateSpec? Template { get; set; }
}
