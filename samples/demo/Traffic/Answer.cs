namespace ModelOperator.Demo.Traffic;

/// <summary>What a caller saw of one request.</summary>
/// <param name="SentAt">When it was sent, as a timestamp of the clock.</param>
/// <param name="Correct">Whether the predicted digit is the one shown.</param>
/// <param name="Failure">Why there was no prediction; null when there was.</param>
/// <param name="Revision">The ModelRevision that answered, from the answer's header.</param>
/// <param name="Digest">The SHA-256 of the model that answered, from the answer's header.</param>
internal readonly record struct Answer(
    long SentAt, bool Correct, string? Failure, string? Revision, string? Digest, TimeSpan Latency);
