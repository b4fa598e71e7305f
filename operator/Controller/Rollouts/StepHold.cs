namespace ModelOperator.Controller.Rollouts;

/// <summary>What a step waits for before the next one begins.</summary>
internal enum StepHold
{
    /// <summary>A time, and a judgement that passes.</summary>
    Duration,

    /// <summary>Evidence that the candidate is not worse than its policies allow.</summary>
    Evidence,

    /// <summary>A person's <c>promote</c>.</summary>
    Approval,
}
