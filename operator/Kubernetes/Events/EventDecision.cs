namespace ModelOperator.Kubernetes.Events;

/// <summary>What becomes of an occurrence.</summary>
/// <param name="Key">Under which it is remembered.</param>
/// <param name="Message">What the event says, perhaps for several.</param>
/// <param name="ExistingName">The event that is counted up; null: a new one.</param>
/// <param name="Count">How often it has happened, this time included.</param>
/// <param name="IsSpam">Whether it is left out.</param>
internal sealed record EventDecision(EventKey Key, string Message, string? ExistingName, int Count, bool IsSpam);
