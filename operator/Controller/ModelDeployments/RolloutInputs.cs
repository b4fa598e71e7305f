using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Judgement.Queries;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Finds the objects that a spec names, or says which one is not there.</summary>
internal static class RolloutInputs
{
    private const string DefaultFormat = "onnx";

    public static (IReadOnlyList<PolicySnapshot> Policies, SpecProblem? Problem) Policies(ClusterCaches caches, V1Alpha1ModelDeployment deployment)
    {
        var references = deployment.Spec.Rollout?.Policies ?? [];
        var snapshots = new List<PolicySnapshot>();
        for (var i = 0; i < references.Count; i++)
        {
            var (name, path) = (references[i].Name, $"spec.rollout.policies[{i}].name");
            if (caches.Policies.Get(name, deployment.Namespace()) is not { } policy)
            {
                return ([], new SpecProblem(path, $"there is no RollbackPolicy \"{name}\" in namespace {deployment.Namespace()}"));
            }

            if (PolicyValidation.Problems(policy.Spec) is [var problem, ..])
            {
                return ([], new SpecProblem(path, $"RollbackPolicy \"{name}\" cannot be used: {problem}"));
            }

            if (GatewayPolicies.Problem(deployment.Spec, policy.Spec) is { } unfit)
            {
                return ([], new SpecProblem(path, $"RollbackPolicy \"{name}\" cannot judge with provider GatewayAPI: {unfit}"));
            }

            snapshots.Add(new PolicySnapshot { Name = name, Spec = policy.Spec });
        }

        return snapshots.Count == 0 ? Judged(deployment.Spec, [DefaultPolicy.Snapshot()]) : Judged(deployment.Spec, snapshots);
    }

    private static (IReadOnlyList<PolicySnapshot> Policies, SpecProblem? Problem) Judged(ModelDeploymentSpec spec, IReadOnlyList<PolicySnapshot> policies)
    {
        foreach (var (i, step) in (spec.Rollout?.Steps ?? []).Index().Where(step => step.Item.Hold == RolloutStep.Evidence))
        {
            if (!policies.Any(policy => policy.Spec.DryRun != true && policy.Spec.Metrics.Any(metric => CanProve(metric, step))))
            {
                return ([], new SpecProblem(
                    $"spec.rollout.steps[{i}].hold",
                    $"evidence comes from a comparison with provenBelow that decides something (no dry run, no onFail: Alert){(step.Mirror > 0 ? "" : ", and not from disagreements where nothing is mirrored")}; no policy of spec.rollout.policies has one"));
            }
        }

        return (policies, null);
    }

    private static bool CanProve(PolicyMetric metric, RolloutStep step) =>
        metric is { OnFail: not "Alert", Compare: { ProvenBelow: not null } compare } && (compare.Builtin != "disagreements" || step.Mirror > 0);

    public static (V1Alpha1ServingRuntime? Runtime, SpecProblem? Problem) Runtime(ClusterCaches caches, ModelDeploymentSpec spec)
    {
        if (spec.Runtime?.Name is { } name)
        {
            return caches.Runtimes.Get(name) is { } named
                ? (named, null)
                : (null, new SpecProblem("spec.runtime.name", $"there is no ServingRuntime \"{name}\""));
        }

        var format = spec.Model.Format ?? DefaultFormat;
        var fitting = caches.Runtimes.List().Where(runtime => runtime.Spec.Formats.Contains(format)).OrderBy(runtime => runtime.Name(), StringComparer.Ordinal).ToList();
        return fitting switch
        {
            [var only] => (only, null),
            [] => (null, new SpecProblem("spec.model.format", $"no ServingRuntime serves \"{format}\"")),
            _ => (null, new SpecProblem(
                "spec.runtime.name", $"several ServingRuntimes serve \"{format}\", name one of {string.Join(", ", fitting.Select(runtime => runtime.Name()))}")),
        };
    }
}
