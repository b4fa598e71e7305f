using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.Pods;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.Analysis.Policies;
using ModelOperator.Controller.Reporting;
using ModelOperator.Controller.Revisions;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic;
using ModelOperator.Controller.Workloads;
using ModelOperator.Judgement;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Looks at the world: specs, records, pods, the route, the routers and what the judge makes of it all.</summary>
internal sealed class Observer(IKubernetesClient client, ClusterCaches caches, TrafficObserver routes, IJudge judge, TimeProvider time)
{
    /// <summary>Looks, and makes the record of a revision that is asked for and has none.</summary>
    public async Task<Observation> ObserveAsync(V1Alpha1ModelDeployment deployment, CancellationToken cancellationToken)
    {
        var rollout = Rollout.Read(deployment.Status);
        var revisions = caches.RevisionsOf(deployment).ToList();
        var hash = ContentHash.Of(deployment.Spec);
        var traffic = await routes.ObserveAsync(deployment, rollout, cancellationToken);
        var problem = SpecValidator.Validate(deployment) ?? traffic.Problem;
        IReadOnlyList<PolicySnapshot> policies = [];
        var wanted = revisions.Find(revision => revision.Spec.ContentHash == hash);
        if (problem is null && (wanted is null || (wanted.Name() != rollout.Stable && wanted.Name() != rollout.Candidate)))
        {
            (policies, problem) = RolloutInputs.Policies(caches, deployment);
            if (problem is null && wanted is null && !rollout.Rejected.Contains(hash))
            {
                (var runtime, problem) = RolloutInputs.Runtime(caches, deployment.Spec);
                if (runtime is not null)
                {
                    var made = RevisionBuilder.Build(deployment, hash, revisions, runtime);
                    revisions.Add(await client.CreateAsync(made, ApiGroup.FieldManager, cancellationToken));
                }
            }
        }

        var pods = caches.PodsOf(deployment);
        var byName = revisions.ToDictionary(revision => revision.Name());
        var now = time.GetStatusNow().UtcDateTime;
        var views = revisions.ToDictionary(revision => revision.Name(), revision => View(revision, pods[revision.Name()]));
        return new Observation
        {
            Deployment = deployment,
            Revisions = byName,
            Pods = pods,
            Traffic = traffic,
            Policies = policies,
            World = new RolloutWorld
            {
                Target = TargetBuilder.Build(deployment.Spec, hash, problem),
                Rollout = rollout,
                Commands = CommandReader.Read(deployment.Annotations()),
                Revisions = views,
                Route = traffic.View,
                Judgement = await JudgeAsync(deployment, rollout, byName, views, traffic, cancellationToken),
                Now = now,
            },
        };
    }

    private RevisionView View(V1Alpha1ModelRevision revision, IEnumerable<V1Pod> pods)
    {
        var all = pods.ToList();
        var digest = DigestPinning.DigestOf(revision, all);
        var other = all.Find(pod => DigestPinning.Disagrees(pod, digest));
        var diagnosis = other is null
            ? PodDiagnosis.Of(all)?.Message
            : $"{other.Name()} fetched bytes with SHA-256 {FetchReport.DigestOf(other)}, but the revision is pinned to {digest}";
        return new RevisionView(
            revision.Name(),
            revision.Spec.ContentHash,
            caches.Workloads.Get(revision.Name(), revision.Namespace())?.Spec?.Replicas ?? 0,
            all.Count(pod => PodDiagnosis.IsReady(pod) && !DigestPinning.Disagrees(pod, digest)),
            revision.Status.Outcome is RevisionOutcome.Stable or RevisionOutcome.Promoted,
            diagnosis)
        {
            Pods = all.Count(pod => pod.Status?.Phase is not ("Succeeded" or "Failed")),
        };
    }

    private async Task<JudgementReport?> JudgeAsync(
        V1Alpha1ModelDeployment deployment,
        Rollout rollout,
        Dictionary<string, V1Alpha1ModelRevision> revisions,
        Dictionary<string, RevisionView> views,
        TrafficObservation traffic,
        CancellationToken cancellationToken)
    {
        if (rollout is not { OnTrial: { } onTrial, JudgedSince: { } since } || !revisions.TryGetValue(onTrial, out var revision))
        {
            return null;
        }

        var inForce = PoliciesInForce.Of(revision.Status.Policies ?? [DefaultPolicy.Snapshot()], name => caches.Policies.Get(name, deployment.Namespace()));
        if (StepPolicies.Of(rollout, inForce, traffic.Source) is not { } policies)
        {
            return null;
        }

        var request = new JudgementRequest(
            deployment.Namespace() ?? "",
            deployment.Name(),
            onTrial,
            rollout.Fallback,
            new DateTimeOffset(since, TimeSpan.Zero),
            policies,
            [.. deployment.Status.Analysis ?? []])
        {
            HasStableTraffic = rollout.State != RolloutState.Baking,
            ReadyPods = views.ToDictionary(view => view.Key, view => view.Value.Ready),
            Source = traffic.Source,
        };
        return await judge.JudgeAsync(request, cancellationToken);
    }
}
