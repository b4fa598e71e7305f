using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelRevisions;

/// <summary>Everything that decides what the pods of a revision run, so that an upgrade of the operator changes none.</summary>
[ValidationRule("self == oldSelf", "a revision never changes")]
public sealed class ModelRevisionSpec
{
    /// <summary>The ModelDeployment.</summary>
    [Required]
    public string Deployment { get; set; } = "";

    /// <summary>Counted from 1 within the ModelDeployment.</summary>
    [Required]
    [RangeMinimum(1)]
    public int Number { get; set; }

    /// <summary>Hash of what the user asked for; the same hash is the same revision.</summary>
    [Required]
    public string ContentHash { get; set; } = "";

    /// <summary>The version label, defaulted.</summary>
    [Required]
    public string Version { get; set; } = "";

    /// <summary>The model.</summary>
    [Required]
    public ModelSource Model { get; set; } = new();

    /// <summary>How it is served, as asked for.</summary>
    public RuntimeSettings? Runtime { get; set; }

    /// <summary>The device.</summary>
    public Accelerator? Accelerator { get; set; }

    /// <summary>The ServingRuntime as it was when the revision was made.</summary>
    [Required]
    public ServingRuntimeSpec ServingRuntime { get; set; } = new();
}
