namespace ModelOperator.Controller.Rollouts;

/// <summary>Why a candidate loses its share.</summary>
internal enum AbortCause
{
    /// <summary>It was judged worse, or never became ready.</summary>
    Failed,

    /// <summary>A person asked for it.</summary>
    Commanded,

    /// <summary>The spec went back to what stable serves.</summary>
    Reverted,

    /// <summary>The spec asks for yet another revision.</summary>
    Superseded,
}
