using ModelOperator.Api.Conventions;
using ModelOperator.Api.RollbackPolicies;

namespace ModelOperator.Judgement.Verdicts;

/// <summary>How long a metric may tell nothing, and what follows.</summary>
/// <param name="Action">From the first look that told nothing.</param>
/// <param name="For">How long, without a break, until <paramref name="Then"/>.</param>
/// <param name="Then">After that. <see cref="JudgementDecision.Advance"/> stands for <c>Continue</c>: as if the metric were not there.</param>
internal sealed record UnknownBudget(JudgementDecision Action, TimeSpan For, JudgementDecision Then)
{
    /// <summary>Hold for ten minutes, then pause.</summary>
    public static readonly UnknownBudget Default = new(JudgementDecision.Hold, TimeSpan.FromMinutes(10), JudgementDecision.Pause);

    /// <summary>Reads a policy's handling; what it leaves out, or does not write properly, is as in <see cref="Default"/>.</summary>
    public static UnknownBudget From(UnknownHandling? handling) => new(
        Parse(handling?.Action) ?? Default.Action,
        Duration.TryParse(handling?.For, out var value) ? value : Default.For,
        Parse(handling?.Then) ?? Default.Then);

    /// <summary>When the budget is used up.</summary>
    public DateTimeOffset EndsAt(DateTimeOffset unknownSince) => unknownSince + For;

    /// <summary>What a metric that has told nothing since then asks for now.</summary>
    public JudgementDecision At(DateTimeOffset unknownSince, DateTimeOffset now) => now < EndsAt(unknownSince) ? Action : Then;

    private static JudgementDecision? Parse(string? action) => action switch
    {
        "Hold" => JudgementDecision.Hold,
        "Pause" => JudgementDecision.Pause,
        "Rollback" => JudgementDecision.Rollback,
        "Continue" => JudgementDecision.Advance,
        _ => null,
    };
}
