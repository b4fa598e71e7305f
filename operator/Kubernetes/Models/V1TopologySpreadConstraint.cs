namespace ModelOperator.Kubernetes.Models;

/// <summary>How evenly pods spread over nodes or zones.</summary>
public sealed class V1TopologySpreadConstraint
{
    public int MaxSkew { get; set; }

    public string TopologyKey { get; set; } = "";

    /// <summary><c>DoNotSchedule</c> or <c>ScheduleAnyway</c>.</summary>
    public string WhenUnsatisfiable { get; set; } = "";

    public V1LabelSelector? LabelSelector { get; set; }
}
