using System.Text.Json.Nodes;
using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic;
using ModelOperator.Controller.Workloads;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>
/// Carries a plan out: scale up, route, scale down. Every write is repeatable, and none is made that would change nothing.
/// </summary>
internal sealed class PlanExecutor(IKubernetesClient client, ClusterCaches caches, ObjectWriter writer, TrafficWriter traffic)
{
    public async Task ApplyAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (name, replicas) in plan.Replicas)
        {
            await ScaleUpAsync(seen, name, replicas, cancellationToken);
        }

        await WriteSharedAsync(seen, plan, cancellationToken);
        await traffic.WriteAsync(seen, plan, cancellationToken);
        foreach (var (name, replicas) in plan.Replicas.Where(wanted => wanted.Value < seen.World.Revisions[wanted.Key].Replicas))
        {
            await ScaleAsync(seen, name, replicas, cancellationToken);
        }
    }

    private async Task ScaleUpAsync(Observation seen, string name, int replicas, CancellationToken cancellationToken)
    {
        var revision = seen.Revisions[name];
        var there = caches.Workloads.Get(name, revision.Namespace()) is not null;
        if (!there && replicas == 0)
        {
            return;
        }

        await writer.EnsureAsync(caches.Services, RevisionWorkload.Service(revision), service => service.Spec, cancellationToken);
        if (!there)
        {
            await writer.CreateAsync(RevisionWorkload.Deployment(revision, replicas), cancellationToken);
        }
        else if (replicas > seen.World.Revisions[name].Replicas)
        {
            await ScaleAsync(seen, name, replicas, cancellationToken);
        }
    }

    // The pod template of a Deployment that exists is never written again: a newer operator would perhaps make it differently,
    // and that must not restart a model.
    private Task<V1Deployment> ScaleAsync(Observation seen, string name, int replicas, CancellationToken cancellationToken) =>
        client.PatchAsync<V1Deployment>(
            name,
            seen.Deployment.Namespace(),
            PatchType.MergePatch,
            new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } },
            fieldManager: ApiGroup.FieldManager,
            cancellationToken: cancellationToken);

    private async Task WriteSharedAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        if ((plan.Rollout.Stable ?? plan.Rollout.Candidate) is not { } serving)
        {
            return;
        }

        await writer.EnsureAsync(caches.Services, SharedObjects.Service(seen.Deployment, serving), service => service.Spec, cancellationToken);
        if (seen.World.Target.Strategy == RolloutStrategy.BlueGreen)
        {
            var preview = SharedObjects.PreviewService(seen.Deployment, plan.Rollout.Candidate ?? serving);
            await writer.EnsureAsync(caches.Services, preview, service => service.Spec, cancellationToken);
        }

        await writer.EnsureAsync(caches.DisruptionBudgets, SharedObjects.DisruptionBudget(seen.Deployment), budget => budget.Spec, cancellationToken);
    }
}
