namespace ModelOperator.Router.Routing;

/// <summary>What a revision is to its deployment; the names are label values of the metrics.</summary>
internal enum BackendRole
{
    /// <summary>The proven revision; it answers for a candidate that fails.</summary>
    Stable,

    /// <summary>The revision on trial.</summary>
    Candidate,
}
