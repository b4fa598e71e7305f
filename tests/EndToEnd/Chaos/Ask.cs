namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>One request, as its caller saw it.</summary>
/// <param name="Act">What was being done to the system when it was sent.</param>
/// <param name="Router">The address of the router that it was sent to.</param>
/// <param name="SentAt">When, as a time since the start.</param>
/// <param name="EndedAt">When there was an answer, or none any more.</param>
/// <param name="Weights">The candidate's weights that may have been in force for it.</param>
/// <param name="Revision">Who answered.</param>
/// <param name="Failure">Why there was no answer of 2xx; null when there was one.</param>
internal sealed record Ask(
    Act Act, string Router, TimeSpan SentAt, TimeSpan EndedAt, PossibleWeights Weights, string? Revision, string? Failure)
{
    public TimeSpan Took => EndedAt - SentAt;
}
