namespace ModelOperator.Router.Telemetry;

/// <summary>How a revision did on one attempt, whatever the caller saw in the end.</summary>
internal enum AttemptOutcome
{
    Ok,

    /// <summary>The request was wrong (4xx).</summary>
    ClientError,

    /// <summary>The revision could not be reached, broke off, or answered 5xx.</summary>
    Error,

    /// <summary>It took longer than it may.</summary>
    Timeout,

    /// <summary>The caller went away; says nothing about the revision.</summary>
    Canceled,
}
