using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>Requests of zeros that a pod sends to itself before it is ready: the first ones are slow, and no caller should meet them.</summary>
public sealed class WarmupSettings
{
    /// <summary>How many of one row, and with batching how many of the largest batch.</summary>
    [DefaultValue(3)]
    [RangeMinimum(0)]
    [RangeMaximum(10000)]
    public int? Requests { get; set; }
}
