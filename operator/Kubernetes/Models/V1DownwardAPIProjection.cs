namespace ModelOperator.Kubernetes.Models;

/// <summary>Files that say something about the pod.</summary>
public sealed class V1DownwardAPIProjection
{
    public IList<V1DownwardAPIVolumeFile>? Items { get; set; }
}
