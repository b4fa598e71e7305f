namespace ModelOperator.Kubernetes.Models;

/// <summary>What a pod runs.</summary>
public sealed class V1PodSpec
{
    /// <summary>The containers, started together once every init container has ended well.</summary>
    public IList<V1Container> Containers { get; set; } = [];

    /// <summary>Containers that run one after another before the others start.</summary>
    public IList<V1Container>? InitContainers { get; set; }

    public IList<V1Volume>? Volumes { get; set; }

    /// <summary><c>Always</c>, <c>OnFailure</c> or <c>Never</c>.</summary>
    public string? RestartPolicy { get; set; }

    /// <summary>Seconds between the polite and the hard end.</summary>
    public long? TerminationGracePeriodSeconds { get; set; }

    public long? ActiveDeadlineSeconds { get; set; }

    public string? DnsPolicy { get; set; }

    /// <summary>Labels that the node must have.</summary>
    public IDictionary<string, string>? NodeSelector { get; set; }

    /// <summary>The node that the pod is bound to.</summary>
    public string? NodeName { get; set; }

    public string? ServiceAccountName { get; set; }

    public bool? AutomountServiceAccountToken { get; set; }

    public bool? EnableServiceLinks { get; set; }

    public bool? HostNetwork { get; set; }

    public V1PodSecurityContext? SecurityContext { get; set; }

    public IList<V1LocalObjectReference>? ImagePullSecrets { get; set; }

    public string? Hostname { get; set; }

    public string? Subdomain { get; set; }

    public string? SchedulerName { get; set; }

    public V1Affinity? Affinity { get; set; }

    public IList<V1Toleration>? Tolerations { get; set; }

    public string? PriorityClassName { get; set; }

    public string? RuntimeClassName { get; set; }

    public IList<V1TopologySpreadConstraint>? TopologySpreadConstraints { get; set; }

    public IList<V1PodReadinessGate>? ReadinessGates { get; set; }
}
