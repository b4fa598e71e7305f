namespace ModelOperator.Api.ModelDeployments;

/// <summary>One of the two revisions that share the traffic.</summary>
public sealed class ArmStatus
{
    /// <summary>The ModelRevision's name.</summary>
    public string? Revision { get; set; }

    /// <summary>The version label.</summary>
    public string? Version { get; set; }

    /// <summary>SHA-256 of the bytes served, once known.</summary>
    public string? Digest { get; set; }

    /// <summary>Percent of the requests.</summary>
    public int? Weight { get; set; }

    /// <summary>Percent of stable's requests that it gets a copy of; absent when none.</summary>
    public int? Mirror { get; set; }

    /// <summary>Pods wanted.</summary>
    public int? Replicas { get; set; }

    /// <summary>Pods ready.</summary>
    public int? Ready { get; set; }
}
