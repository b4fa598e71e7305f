namespace ModelOperator.Api.ModelDeployments;

/// <summary>A transition that becomes an event.</summary>
public sealed class UntoldTransition
{
    /// <summary>Normal or Warning.</summary>
    public string? Type { get; set; }

    /// <summary>The event's reason.</summary>
    public string? Reason { get; set; }

    /// <summary>The event's message.</summary>
    public string? Message { get; set; }

    /// <summary>Identifies it: there is one event of each.</summary>
    public string? Id { get; set; }
}
