using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>The device that each pod needs.</summary>
public sealed class Accelerator
{
    /// <summary>The extended resource, for example <c>nvidia.com/gpu</c>.</summary>
    [DefaultValue("nvidia.com/gpu")]
    [Length(1, 253)]
    public string? Resource { get; set; }

    /// <summary>Devices per pod.</summary>
    [DefaultValue(1)]
    [RangeMinimum(1)]
    [RangeMaximum(64)]
    public int? Count { get; set; }

    /// <summary>Only nodes whose label <c>nvidia.com/gpu.product</c> has this value.</summary>
    [Length(1, 63)]
    public string? Product { get; set; }

    /// <summary>A MIG slice instead of a whole GPU, for example <c>1g.18gb</c>: asks for <c>nvidia.com/mig-1g.18gb</c>.</summary>
    [Pattern("^[0-9]+g\\.[0-9]+gb$")]
    public string? MigProfile { get; set; }
}
