namespace ModelOperator.Kubernetes.Models;

/// <summary>Which nodes a pod wants.</summary>
public sealed class V1NodeAffinity
{
    public V1NodeSelector? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }

    public IList<V1PreferredSchedulingTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; set; }
}
