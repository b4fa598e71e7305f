using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.Analysis.Queries;
using ModelOperator.Controller.Traffic.GatewayApi;
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
        var waiting = (spec.Rollout?.Steps ?? []).Index().FirstOrDefault(step => step.Item.Hold == RolloutStep.Evidence);
        var canProve = policies.Any(policy => policy.Spec.Metrics.Any(metric => metric.Compare?.ProvenBelow is not null));
        return waiting.Item is null || canProve
            ? (policies, null)
            : ([], new SpecProblem($"spec.rollout.steps[{waiting.Index}].hold", "evidence comes from a comparison with provenBelow, and no policy of spec.rollout.policies has one"));
    }

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
