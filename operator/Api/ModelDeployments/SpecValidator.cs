using System.Text.RegularExpressions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>Finds what the schema of the API cannot: values that contradict each other.</summary>
public static partial class SpecValidator
{
    // Names of Services are DNS labels of at most 63 characters, and "-r" and a number, or "-preview", have to fit behind.
    private const int MaxNameLength = 54;

    /// <summary>The first problem; null when there is none.</summary>
    public static SpecProblem? Validate(V1Alpha1ModelDeployment deployment)
    {
        var name = deployment.Name();
        if (name.Length > MaxNameLength || !DnsLabel().IsMatch(name))
        {
            return new SpecProblem("metadata.name", $"\"{name}\" also names Services: at most {MaxNameLength} lower-case letters, digits and dashes, a letter first");
        }

        var rollout = deployment.Spec.Rollout;
        return Duration(rollout?.Bake, "spec.rollout.bake")
            ?? Duration(rollout?.ProgressDeadline, "spec.rollout.progressDeadline")
            ?? Steps(rollout?.Steps);
    }

    private static SpecProblem? Steps(IList<RolloutStep>? steps)
    {
        for (var i = 0; i < (steps?.Count ?? 0); i++)
        {
            var (weight, path) = (steps![i].Weight ?? 0, $"spec.rollout.steps[{i}]");
            var problem = (weight, i) switch
            {
                ( < 0 or > 100, _) => new SpecProblem($"{path}.weight", $"{weight} is not a percentage"),
                (_, > 0) when weight < (steps[i - 1].Weight ?? 0) =>
                    new SpecProblem($"{path}.weight", $"{weight} is less than {steps[i - 1].Weight ?? 0} in the step before; weights must not fall"),
                (100, _) when i < steps.Count - 1 => new SpecProblem($"{path}.weight", "100 leaves nothing for the steps after it; it may only come last"),
                (0, _) when steps[i].Hold == RolloutStep.Evidence && steps[i].Match is not { Count: > 0 } => new SpecProblem($"{path}.hold", "a step without traffic brings no evidence; hold it for a time or for approval"),
                _ => Hold(steps[i], path),
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static SpecProblem? Hold(RolloutStep step, string path)
    {
        var isTime = step.Hold is not (RolloutStep.Evidence or RolloutStep.Approval);
        var problem = Duration(isTime ? step.Hold : null, $"{path}.hold") ?? Duration(step.MinHold, $"{path}.minHold") ?? Duration(step.MaxHold, $"{path}.maxHold");
        if (problem is not null)
        {
            return problem;
        }

        return Conventions.Duration.TryParse(step.MaxHold, out var most) && Conventions.Duration.TryParse(step.MinHold, out var least) && most < least
            ? new SpecProblem($"{path}.maxHold", $"{step.MaxHold} is shorter than minHold {step.MinHold}")
            : null;
    }

    private static SpecProblem? Duration(string? text, string path) => text is null || Conventions.Duration.TryParse(text, out _)
        ? null
        : new SpecProblem(path, $"\"{text}\" is not a duration such as 90s, 5m or 1h30m");

    [GeneratedRegex("^[a-z]([a-z0-9-]*[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex DnsLabel();
}
