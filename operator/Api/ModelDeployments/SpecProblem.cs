namespace ModelOperator.Api.ModelDeployments;

/// <summary>Why a spec cannot be followed.</summary>
/// <param name="Field">The path of the field, for example <c>spec.rollout.steps[1].weight</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Reason">A word for machines.</param>
public sealed record SpecProblem(string Field, string Message, string Reason = "InvalidSpec")
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Message}";
}
