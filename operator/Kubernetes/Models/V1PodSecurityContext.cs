namespace ModelOperator.Kubernetes.Models;

/// <summary>Rights of the processes of a pod.</summary>
public sealed class V1PodSecurityContext
{
    public long? RunAsUser { get; set; }

    public long? RunAsGroup { get; set; }

    public bool? RunAsNonRoot { get; set; }

    public long? FsGroup { get; set; }

    public string? FsGroupChangePolicy { get; set; }

    public IList<long>? SupplementalGroups { get; set; }

    public V1SeccompProfile? SeccompProfile { get; set; }
}
