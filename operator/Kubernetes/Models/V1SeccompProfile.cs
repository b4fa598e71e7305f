namespace ModelOperator.Kubernetes.Models;

/// <summary>The filter of system calls.</summary>
public sealed class V1SeccompProfile
{
    /// <summary><c>RuntimeDefault</c>, <c>Localhost</c> or <c>Unconfined</c>.</summary>
    public string Type { get; set; } = "";

    public string? LocalhostProfile { get; set; }
}
