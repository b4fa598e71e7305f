namespace ModelOperator.Kubernetes.Models;

/// <summary>Files from several sources in one folder.</summary>
public sealed class V1ProjectedVolumeSource
{
    public IList<V1VolumeProjection>? Sources { get; set; }

    /// <summary>File mode bits of files without their own.</summary>
    public int? DefaultMode { get; set; }
}
