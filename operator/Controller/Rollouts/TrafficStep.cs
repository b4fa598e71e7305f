using ModelOperator.Api.Conventions;

namespace ModelOperator.Controller.Rollouts;

/// <summary>One step of a rollout.</summary>
/// <param name="Weight">The candidate's percent of the requests.</param>
/// <param name="Hold">How long the step lasts at least, as the spec writes it.</param>
internal sealed record TrafficStep(int Weight, string Hold)
{
    /// <summary><see cref="Hold"/> as a time.</summary>
    public TimeSpan HoldTime => Duration.Parse(Hold);
}
