namespace ModelOperator.Controller.Rollouts;

/// <summary>Something that a person asks for.</summary>
/// <param name="Verb">What.</param>
/// <param name="Text">As it is written; the same text is dealt with once.</param>
/// <param name="Revision">The revision that it is about; null when the text cannot be read.</param>
/// <param name="Step">The step, counted from 1, that must be under way; null: any.</param>
/// <param name="Reason">Why, in the person's words.</param>
internal sealed record Command(CommandVerb Verb, string Text, string? Revision, int? Step, string? Reason)
{
    public string Name => Verb.ToString().ToLowerInvariant();
}
