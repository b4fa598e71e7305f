namespace ModelOperator.Api.ModelRevisions;

/// <summary>A command that was followed.</summary>
public sealed class CommandRecord
{
    /// <summary>promote, abort, retry, resume or rollback.</summary>
    public string? Command { get; set; }

    /// <summary>The annotation as it was.</summary>
    public string? Text { get; set; }

    /// <summary>The step that was under way, counted from 1.</summary>
    public int? Step { get; set; }

    /// <summary>Why, in the words of who commanded.</summary>
    public string? Reason { get; set; }

    /// <summary>Who: the field manager that wrote the annotation.</summary>
    public string? By { get; set; }

    /// <summary>When it was followed.</summary>
    public DateTime? At { get; set; }

    /// <summary>Its place among the ModelDeployment's transitions.</summary>
    public long? Transition { get; set; }
}
