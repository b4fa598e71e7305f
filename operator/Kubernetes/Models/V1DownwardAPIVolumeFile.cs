namespace ModelOperator.Kubernetes.Models;

/// <summary>One such file.</summary>
public sealed class V1DownwardAPIVolumeFile
{
    /// <summary>Relative to the volume.</summary>
    public string Path { get; set; } = "";

    public V1ObjectFieldSelector? FieldRef { get; set; }

    public V1ResourceFieldSelector? ResourceFieldRef { get; set; }

    public int? Mode { get; set; }
}
