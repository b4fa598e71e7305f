using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;

namespace ModelOperator.Controller.Rollouts;

/// <summary>One step of a rollout.</summary>
/// <param name="Weight">The candidate's percent of the requests.</param>
/// <param name="Hold">What ends the step, as the spec writes it: a duration, <c>evidence</c> or <c>approval</c>.</param>
internal sealed record TrafficStep(int Weight, string Hold)
{
    /// <summary>How long a hold for evidence lasts at least, as the spec writes it; null: no time.</summary>
    public string? MinHold { get; init; }

    /// <summary>How long a hold for evidence may last before a person has to decide; null: for ever.</summary>
    public string? MaxHold { get; init; }

    public StepHold Kind => Hold switch
    {
        RolloutStep.Evidence => StepHold.Evidence,
        RolloutStep.Approval => StepHold.Approval,
        _ => StepHold.Duration,
    };

    /// <summary>How long the step lasts at least.</summary>
    public TimeSpan Least => Kind switch
    {
        StepHold.Duration => Duration.Parse(Hold),
        StepHold.Evidence when MinHold is not null => Duration.Parse(MinHold),
        _ => TimeSpan.Zero,
    };

    /// <summary>How long evidence is waited for; null: as long as it takes.</summary>
    public TimeSpan? Most => Kind == StepHold.Evidence && MaxHold is not null ? Duration.Parse(MaxHold) : null;

    /// <summary>Percent of stable's requests that the candidate gets a copy of.</summary>
    public int Mirror { get; init; }

    /// <summary>Callers that always get the candidate.</summary>
    public CallerMatches Match { get; init; } = CallerMatches.None;

    /// <summary>Percent of the requests that the candidate's pods have to carry, copies among them.</summary>
    public int Load => Math.Max(Weight, Mirror);

    /// <summary>Whether the candidate answers callers in it.</summary>
    public bool TakesTraffic => Weight > 0 || !Match.IsEmpty;

    /// <summary>Whether the candidate answers anything in it, which is what can be judged.</summary>
    public bool IsServed => TakesTraffic || Mirror > 0;

    public static TrafficStep From(RolloutStep step) => new(step.Weight ?? 0, step.Hold)
    {
        MinHold = step.MinHold,
        MaxHold = step.MaxHold,
        Mirror = step.Mirror ?? 0,
        Match = CallerMatches.From(step.Match),
    };

    public RolloutStep ToStep() => new()
    {
        Weight = Weight,
        Hold = Hold,
        MinHold = MinHold,
        MaxHold = MaxHold,
        Mirror = Mirror == 0 ? null : Mirror,
        Match = Match.ToList(),
    };

    /// <summary>What callers get from the candidate, in words.</summary>
    public override string ToString() => (Weight, Mirror, Match.IsEmpty) switch
    {
        (0, > 0, true) => $"a copy of {Mirror} %",
        (0, _, false) => $"the callers whose {Match}",
        (_, _, false) => $"{Weight} % and the callers whose {Match}",
        _ => $"{Weight} %",
    };
}
