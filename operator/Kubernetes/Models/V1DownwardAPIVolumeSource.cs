namespace ModelOperator.Kubernetes.Models;

/// <summary>Files that say something about the pod.</summary>
public sealed class V1DownwardAPIVolumeSource
{
    public IList<V1DownwardAPIVolumeFile>? Items { get; set; }

    /// <summary>File mode bits of files without their own.</summary>
    public int? DefaultMode { get; set; }
}
