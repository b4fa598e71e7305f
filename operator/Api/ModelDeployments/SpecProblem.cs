namespace ModelOperator.Api.ModelDeployments;

/// <summary>Why a spec cannot be followed.</summary>
/// <param name="Field">The path of the field, for example <c>spec.rollout.steps[1].weight</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record SpecProblem(string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Message}";
}
