using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>What a user asks for. A change of model, runtime or accelerator makes a new revision; nothing else does.</summary>
public sealed class ModelDeploymentSpec
{
    /// <summary>The model to serve.</summary>
    [Required]
    public ModelSource Model { get; set; } = new();

    /// <summary>How it is served.</summary>
    public RuntimeSettings? Runtime { get; set; }

    /// <summary>The GPU or other device that each pod needs; absent: none.</summary>
    public Accelerator? Accelerator { get; set; }

    /// <summary>Pods of a revision that takes all the traffic.</summary>
    [DefaultValue(1)]
    [RangeMinimum(0)]
    [RangeMaximum(1000)]
    public int? Replicas { get; set; }

    /// <summary>How requests reach it.</summary>
    public TrafficSettings? Traffic { get; set; }

    /// <summary>How a new revision takes over.</summary>
    public RolloutSettings? Rollout { get; set; }

    /// <summary>Old revisions to keep the record of.</summary>
    [DefaultValue(10)]
    [RangeMinimum(0)]
    [RangeMaximum(100)]
    public int? RevisionHistoryLimit { get; set; }
}
