namespace ModelOperator.Kubernetes.Models;

/// <summary>Puts one key of a ConfigMap or Secret at a path.</summary>
public sealed class V1KeyToPath
{
    public string Key { get; set; } = "";

    public string Path { get; set; } = "";

    public int? Mode { get; set; }
}
