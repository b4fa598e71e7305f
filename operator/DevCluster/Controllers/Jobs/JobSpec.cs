using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>What a job is asked to do, by the API's names.</summary>
internal sealed class JobSpec
{
    public int? Parallelism { get; set; }

    /// <summary>Pods that must succeed; null: one success ends the job once no pod runs.</summary>
    public int? Completions { get; set; }

    public long? ActiveDeadlineSeconds { get; set; }

    public int? BackoffLimit { get; set; }

    /// <summary>Seconds that an ended job is kept; null: for good.</summary>
    public int? TtlSecondsAfterFinished { get; set; }

    public string? CompletionMode { get; set; }

    public bool? Suspend { get; set; }

    public string? PodReplacementPolicy { get; set; }

    public string? ManagedBy { get; set; }

    /// <summary>As it was written, so that nothing in it is lost on the way to the pods.</summary>
    public JsonObject Template { get; set; } = [];

    /// <summary>The three below are known to the API but not to this controller.</summary>
    public JsonObject? PodFailurePolicy { get; set; }

    public JsonObject? SuccessPolicy { get; set; }

    public int? BackoffLimitPerIndex { get; set; }
}
