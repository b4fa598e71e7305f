namespace ModelOperator.Kubernetes.Models;

/// <summary>What became of one container.</summary>
public sealed class V1ContainerStatus
{
    public string Name { get; set; } = "";

    /// <summary>The state now.</summary>
    public V1ContainerState? State { get; set; }

    /// <summary>The state before the last restart.</summary>
    public V1ContainerState? LastState { get; set; }

    public bool? Ready { get; set; }

    public int? RestartCount { get; set; }

    public string? Image { get; set; }

    public string? ImageID { get; set; }

    public string? ContainerID { get; set; }

    /// <summary>Whether the startup probe has passed.</summary>
    public bool? Started { get; set; }
}
