namespace ModelOperator.Kubernetes.Models;

/// <summary>What became of a pod.</summary>
public sealed class V1PodStatus
{
    public long? ObservedGeneration { get; set; }

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    public string? Phase { get; set; }

    public IList<V1PodCondition>? Conditions { get; set; }

    public string? Message { get; set; }

    public string? Reason { get; set; }

    public string? HostIP { get; set; }

    public IList<V1HostIP>? HostIPs { get; set; }

    public string? PodIP { get; set; }

    public IList<V1PodIP>? PodIPs { get; set; }

    public DateTime? StartTime { get; set; }

    public IList<V1ContainerStatus>? InitContainerStatuses { get; set; }

    public IList<V1ContainerStatus>? ContainerStatuses { get; set; }

    public string? QosClass { get; set; }
}
