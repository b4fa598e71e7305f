namespace ModelOperator.Api.ModelDeployments;

/// <summary>A time that traffic was taken back.</summary>
public sealed class RollbackRecord
{
    /// <summary>The revision that lost the traffic.</summary>
    public string? From { get; set; }

    /// <summary>The revision that got it back.</summary>
    public string? To { get; set; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; set; }

    /// <summary>The metric that decided, if one did.</summary>
    public string? Metric { get; set; }

    /// <summary>When.</summary>
    public DateTime? At { get; set; }
}
