using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>
/// How requests are put together along the first dimension of the inputs, which all inputs and outputs of the model must have free.
/// Requests that differ in other dimensions, or want other outputs, go apart.
/// </summary>
public sealed class BatchingSettings
{
    /// <summary>Rows that the model is given at once; a request with more is refused.</summary>
    [Required]
    [RangeMinimum(1)]
    [RangeMaximum(65536)]
    public int MaxBatchSize { get; set; }

    /// <summary>How long a request waits for others although the model is free; at most 10s.</summary>
    [DefaultValue("0s")]
    [Pattern(Duration.Pattern)]
    [Length(2, 32)]
    public string? MaxDelay { get; set; }
}
