namespace ModelOperator.DevCluster.Node.Probes;

/// <summary>The answer to one probe.</summary>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Refused">Nothing listens there (yet).</param>
internal readonly record struct ProbeOutcome(bool Passed, string Message = "", bool Refused = false);
