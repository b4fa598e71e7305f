using System.Globalization;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Cli.Output;

namespace ModelOperator.Cli.Views;

/// <summary>The lines above a tree: the phase, the message, both revisions, and what the judge says.</summary>
internal static class DeploymentHeader
{
    private const int LabelWidth = 12;

    /// <summary>Its lines.</summary>
    /// <param name="view">What is shown.</param>
    /// <param name="width">Columns of the terminal; null: no limit.</param>
    public static IEnumerable<IReadOnlyList<Cell>> Lines(DeploymentView view, int? width) => Facts(view)
        .SelectMany(fact => Sentences.Wrap(new Cell($"{fact.Label}:".PadRight(LabelWidth), Tone.Muted), fact.Value, width));

    /// <summary>When time alone changes something, absolutely and from now.</summary>
    public static string When(DateTime time, DateTimeOffset now) =>
        $"{time.ToUniversalTime().ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)} ({Age.From(time, now)})";

    /// <summary>What a step does, in words.</summary>
    public static string Describe(RolloutStep step)
    {
        var share = (step.Weight ?? 0, step.Mirror ?? 0) switch
        {
            (0, > 0 and var mirror) => $"a copy of {mirror} %",
            (var weight, > 0 and var mirror) => $"{weight} % and a copy of {mirror} %",
            var (weight, _) => $"{weight} %",
        };
        return $"{share}{(step.Match is { Count: > 0 } ? " and matching callers" : "")}, {Hold(step)}";
    }

    private static IEnumerable<(string Label, Cell Value)> Facts(DeploymentView view)
    {
        var status = view.Status;
        yield return ("Name", $"{view.Deployment.Metadata.NamespaceProperty}/{view.Deployment.Metadata.Name}");
        yield return ("Phase", Marks.Phase(status.Phase));
        if (!view.IsObserved)
        {
            yield return ("Attention", new Cell("the operator has not looked at the present spec yet", Tone.Warning));
        }

        if (status.Message is { Length: > 0 })
        {
            yield return ("Message", status.Message);
        }

        if (Step(view) is { } step)
        {
            yield return ("Step", step);
        }

        if (status.Stable is { } stable)
        {
            yield return ("Stable", Arm(stable));
        }

        if (status.Candidate is { } candidate)
        {
            yield return ("Candidate", Arm(candidate));
        }

        if (status.Url is { Length: > 0 })
        {
            yield return ("URL", status.Url);
        }
    }

    private static string Hold(RolloutStep step) => step.Hold switch
    {
        RolloutStep.Approval => "until somebody promotes",
        RolloutStep.Evidence => $"until it is proven{(step.MinHold is null ? "" : $", at least {step.MinHold}")}{(step.MaxHold is null ? "" : $", at most {step.MaxHold}")}",
        var time => $"for {time}",
    };

    private static string? Step(DeploymentView view)
    {
        if (view.Status.Step is not { Length: > 0 } count)
        {
            return null;
        }

        var what = view.State switch
        {
            RolloutStates.Stepping when view.Step is { } step => $"{count}: {Describe(step)}",
            RolloutStates.Baking => $"{count}: all done, baking",
            _ => count,
        };
        return view.Status.NextAt is { } next ? $"{what}; next {When(next, view.Now)}" : what;
    }

    private static string Arm(ArmStatus arm) => string.Join("  ", new[]
    {
        arm.Revision,
        arm.Version is { } version ? $"version {version}" : null,
        $"{arm.Weight ?? 0} %",
        arm.Mirror is { } mirror ? $"copy {mirror} %" : null,
        $"{arm.Ready ?? 0}/{arm.Replicas ?? 0} ready",
        arm.Digest is { Length: >= 12 } digest ? $"sha256:{digest[..12]}" : null,
    }.OfType<string>());
}
