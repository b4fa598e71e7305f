using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Controller.Revisions;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Workloads;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>Keeps the records of revisions: digests, outcomes, and how many of them.</summary>
internal sealed class RevisionRecords(IKubernetesClient client, ClusterCaches caches, ObjectWriter writer, CommandAuthors authors)
{
    private const int MaxCommands = 20;

    /// <summary>Pins the digest that the first pod of a revision reported, and sends away pods that serve other bytes.</summary>
    public async Task PinAsync(Observation seen, CancellationToken cancellationToken)
    {
        foreach (var revision in seen.Revisions.Values)
        {
            var pods = seen.Pods[revision.Name()].ToList();
            if (DigestPinning.DigestOf(revision, pods) is not { } digest)
            {
                continue;
            }

            if (revision.Status.Digest != digest)
            {
                await PatchAsync(revision, new ModelRevisionStatus { Digest = digest }, cancellationToken);
            }

            if (revision.Spec.Model.Sha256 is null)
            {
                await writer.EnsureAsync(caches.ConfigMaps, RevisionWorkload.DigestPin(revision, digest), map => map.Data, cancellationToken);
            }

            foreach (var pod in pods.Where(pod => pod.Metadata.DeletionTimestamp is null && DigestPinning.Disagrees(pod, digest)))
            {
                // Its successor finds the pin, and starts only with the pinned bytes.
                await client.DeleteAsync<V1Pod>(pod.Name(), pod.Namespace(), new DeleteOptions(Uid: pod.Uid()), cancellationToken);
            }
        }
    }

    /// <summary>Writes down what became of revisions.</summary>
    public async Task RecordAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        foreach (var outcome in plan.Outcomes)
        {
            var revision = seen.Revisions[outcome.Revision];
            if (revision.Status.Outcome == outcome.Outcome && revision.Status.Reason == outcome.Reason)
            {
                continue;
            }

            var status = new ModelRevisionStatus { Outcome = outcome.Outcome, Reason = outcome.Reason, At = seen.World.Now };
            if (outcome.Outcome == RevisionOutcome.Candidate)
            {
                status.Policies = [.. seen.Policies];
            }
            else if (outcome.Revision == Judged(seen.World.Rollout))
            {
                status.Verdicts = seen.World.Judgement is { } judgement ? [.. judgement.Metrics] : seen.Deployment.Status.Analysis;
            }

            await PatchAsync(revision, status, cancellationToken);
        }
    }

    /// <summary>Writes down commands that are followed. One that a process which died has written down already is not written again.</summary>
    public async Task RecordCommandsAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (name, command, step) in plan.Receipts)
        {
            var revision = seen.Revisions[name];
            var transition = seen.World.Rollout.Transitions;
            var records = revision.Status.Commands ?? [];
            if (records.Any(record => record.Transition == transition && record.Command == command.Name))
            {
                continue;
            }

            var record = new CommandRecord
            {
                Command = command.Name,
                Text = command.Text,
                Step = step,
                Reason = command.Reason,
                By = await authors.FindAsync(seen.Deployment, command.Verb, cancellationToken),
                At = seen.World.Now,
                Transition = transition,
            };
            await PatchAsync(revision, new ModelRevisionStatus { Commands = [.. records.TakeLast(MaxCommands - 1), record] }, cancellationToken);
        }
    }

    // Verdicts belong to the revision that was on trial; the one that it followed got none of them.
    private static string? Judged(Rollout rollout) => rollout.State == RolloutState.Aborting ? rollout.Candidate : rollout.OnTrial;

    /// <summary>Deletes the oldest records beyond the limit, and with them all that they own.</summary>
    public async Task TrimAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        var inUse = new HashSet<string>(seen.World.Revisions.Values.Where(revision => revision.Replicas > 0).Select(revision => revision.Name));
        inUse.UnionWith(new[] { plan.Rollout.Stable, plan.Rollout.Candidate, plan.Rollout.Previous, seen.World.Wanted?.Name }.OfType<string>());
        var limit = seen.Deployment.Spec.RevisionHistoryLimit ?? 10;
        foreach (var surplus in RevisionHistory.Surplus([.. seen.Revisions.Values], inUse, limit))
        {
            await client.DeleteAsync<V1Alpha1ModelRevision>(surplus.Name(), surplus.Namespace(), new DeleteOptions("Background", Uid: surplus.Uid()), cancellationToken);
        }
    }

    private Task<V1Alpha1ModelRevision> PatchAsync(V1Alpha1ModelRevision revision, ModelRevisionStatus status, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["status"] = JsonSerializer.SerializeToNode(status, KubernetesJson.Options) };
        return client.PatchAsync<V1Alpha1ModelRevision>(
            revision.Name(), revision.Namespace(), PatchType.MergePatch, patch, "status", ApiGroup.FieldManager, cancellationToken);
    }
}
