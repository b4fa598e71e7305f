using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Views;

namespace ModelOperator.Cli.Explaining;

/// <summary>Why a ModelDeployment is where it is, in sentences.</summary>
/// <param name="Summary">Where it is.</param>
/// <param name="WaitsFor">What it waits for; empty: nothing.</param>
/// <param name="Pods">What is the matter with pods that are not ready.</param>
/// <param name="Next">What happens next, and when.</param>
/// <param name="Choices">What a person can do.</param>
internal sealed record Explanation(
    string Summary, IReadOnlyList<string> WaitsFor, IReadOnlyList<string> Pods, IReadOnlyList<string> Next, IReadOnlyList<Choice> Choices)
{
    private const int MostPods = 10;

    public static Explanation Of(DeploymentView view)
    {
        var name = view.Deployment.Metadata.Name;
        var message = view.Status.Message is { Length: > 0 } text ? $": {text}" : "";
        return new Explanation(
            $"{name} is {view.Status.Phase ?? "not known to the operator yet"}{message}",
            [.. Waits(view)],
            [.. PodsInTrouble(view).Take(MostPods)],
            [.. Prospect.Of(view)],
            [.. Choice.Of(view)]);
    }

    private static IEnumerable<string> Waits(DeploymentView view)
    {
        if (!view.IsObserved)
        {
            yield return $"the operator to read the present spec (generation {view.Deployment.Metadata.Generation}; it has read {view.Status.ObservedGeneration?.ToString() ?? "none"}). If that lasts, it does not run: kubectl get pods -A -l app.kubernetes.io/part-of=modeloperator";
        }

        if (view.IsStalled && view.Condition(ConditionTypes.Stalled) is { } stalled)
        {
            yield return $"a changed spec, for it is stalled ({stalled.Reason}): {stalled.Message}";
        }

        if (view.Condition(ConditionTypes.Paused) is { Status: "True" } paused)
        {
            yield return $"a person ({paused.Reason}): {paused.Message}";
        }

        foreach (var arm in new[] { view.Status.Candidate, view.Status.Stable })
        {
            if (arm is { Replicas: { } wanted } && (arm.Ready ?? 0) < wanted)
            {
                yield return $"{wanted - (arm.Ready ?? 0)} of {wanted} pods of {arm.Revision}";
            }
        }

        if (view.Condition(ConditionTypes.WeightAchieved) is { Status: "False" } weight)
        {
            yield return $"the routers ({weight.Reason}): {weight.Message}";
        }

        if (view.OnTrial is not null)
        {
            foreach (var metric in (view.Status.Analysis ?? []).Where(metric => metric.Verdict is not "Pass"))
            {
                yield return $"metric {metric.Policy}/{metric.Metric}, which is {metric.Verdict}{(metric.Message is { Length: > 0 } why ? $": {why}" : metric.Value is { } value ? $" with {value} against a bound of {metric.Threshold}" : "")}";
            }

            foreach (var metric in (view.Status.Analysis ?? []).Where(metric => metric is { Verdict: "Pass", Proven: false }))
            {
                yield return $"proof by metric {metric.Policy}/{metric.Metric}: evidence {metric.Proof}";
            }
        }
    }

    private static IEnumerable<string> PodsInTrouble(DeploymentView view) =>
        from pod in view.Pods
        where pod.Metadata.DeletionTimestamp is null
        let diagnosis = DeploymentView.Diagnose(pod)
        where diagnosis is not null
        orderby diagnosis.IsFailure descending, pod.Metadata.Name
        select $"{pod.Metadata.Name}: {diagnosis.Message}";
}
