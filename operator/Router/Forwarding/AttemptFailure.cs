namespace ModelOperator.Router.Forwarding;

/// <summary>Why an attempt did not end with a whole answer of the backend.</summary>
internal enum AttemptFailure
{
    /// <summary>It did.</summary>
    None,

    /// <summary>No answer began: the connection was refused, reset, or closed.</summary>
    Connection,

    /// <summary>An answer began and broke off.</summary>
    Answer,

    /// <summary>No answer, or no more of it, came in time.</summary>
    Timeout,

    /// <summary>The caller's body could not be read.</summary>
    Caller,

    /// <summary>The caller went away.</summary>
    Canceled,
}
