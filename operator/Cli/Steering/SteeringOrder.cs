using ModelOperator.Api.Conventions;

namespace ModelOperator.Cli.Steering;

/// <summary>What is to be written to follow a person's wish.</summary>
internal abstract record SteeringOrder
{
    /// <summary>An annotation, which the operator follows once.</summary>
    /// <param name="Verb">The verb, as the operator knows it.</param>
    /// <param name="Revision">The ModelRevision that it is about.</param>
    /// <param name="Step">The step that must be under way, counted from 1; null: any.</param>
    internal sealed record Command(string Verb, string Revision, int? Step) : SteeringOrder
    {
        public string Annotation => $"{ApiGroup.Name}/{Verb}";

        /// <summary>The annotation's value; the id makes it another text than the last command's.</summary>
        public string Text(string id) => $"{Revision}{(Step is { } step ? $"@{step}" : "")}#{id}";
    }

    /// <summary>A change of <c>spec.rollout.paused</c>.</summary>
    internal sealed record Hold(bool Paused) : SteeringOrder;
}
