using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.Kubernetes.Models;
using static ModelOperator.DevCluster.Controllers.Deployments.DeploymentView;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>Decides what a Deployment needs, by the rules of kube-controller-manager.</summary>
internal static class DeploymentPlanner
{
    public static DeploymentPlan Plan(DeploymentView view, DateTimeOffset now)
    {
        var actions = Act(view);
        var revision = NewRevision(view);
        if (revision is { } number && view.New is { } current && DeploymentAnnotations.RevisionOf(current) != number)
        {
            actions = actions.Add(new DeploymentAction.Number(current, number));
        }

        var (status, lookAgainAt) = DeploymentStatusPlanner.Plan(view, actions, now);
        return new DeploymentPlan(actions, revision, status, lookAgainAt);
    }

    private static ImmutableArray<DeploymentAction> Act(DeploymentView view)
    {
        if (view.Deployment.Metadata.DeletionTimestamp is not null)
        {
            return [];
        }

        if (DeploymentScaling.Plan(view) is { IsEmpty: false } scaled)
        {
            return scaled;
        }

        if (view.Spec.Paused == true)
        {
            return [];
        }

        var actions = view.IsRecreate ? Recreate(view) : RollingUpdate.Plan(view);
        return actions.IsEmpty ? CleanUp(view) : actions;
    }

    /// <summary>First every old pod ends, then the new ones begin.</summary>
    private static ImmutableArray<DeploymentAction> Recreate(DeploymentView view)
    {
        ImmutableArray<DeploymentAction> shrink = [.. view.Old.Where(r => SizeOf(r) > 0).Select(r => Scale(view, r, 0))];
        if (!shrink.IsEmpty || view.OldPodsLeft)
        {
            return shrink;
        }

        return view.New switch
        {
            null => [Create(view, view.Replicas)],
            { } current when SizeOf(current) != view.Replicas => [Scale(view, current, view.Replicas)],
            _ => [],
        };
    }

    private static ImmutableArray<DeploymentAction> CleanUp(DeploymentView view)
    {
        if (!DeploymentStatusPlanner.IsComplete(view))
        {
            return [];
        }

        var surplus = view.Old.Length - (view.Spec.RevisionHistoryLimit ?? 10);
        return
        [
            .. view.Old
                .OrderBy(DeploymentAnnotations.RevisionOf)
                .Take(Math.Max(0, surplus))
                .Where(r => SizeOf(r) == 0 && (r.Status?.Replicas ?? 0) == 0 && r.Metadata.DeletionTimestamp is null)
                .Select(r => new DeploymentAction.Delete(r)),
        ];
    }

    /// <summary>The newest ReplicaSet has the highest number, also when an old template comes back.</summary>
    private static long? NewRevision(DeploymentView view)
    {
        if (view.New is null)
        {
            return null;
        }

        var highestOld = view.Old.Select(DeploymentAnnotations.RevisionOf).DefaultIfEmpty(0).Max();
        return Math.Max(highestOld + 1, DeploymentAnnotations.RevisionOf(view.New));
    }

    internal static DeploymentAction.Scale Scale(DeploymentView view, ReplicaSet replicaSet, int replicas) =>
        new(replicaSet, replicas, view.Replicas);

    internal static DeploymentAction.Create Create(DeploymentView view, int replicas)
    {
        var deployment = view.Deployment;
        var hash = PodTemplateHash.Of(view.Spec.Template);
        var revision = view.Old.Select(DeploymentAnnotations.RevisionOf).DefaultIfEmpty(0).Max() + 1;
        var template = (JsonObject)view.Spec.Template.DeepClone();
        var labels = Label(template, hash);
        return new DeploymentAction.Create(new ReplicaSet
        {
            ApiVersion = "apps/v1",
            Kind = "ReplicaSet",
            Metadata = new V1ObjectMeta
            {
                Name = $"{deployment.Metadata.Name}-{hash}",
                NamespaceProperty = deployment.Metadata.NamespaceProperty,
                Labels = labels,
                Annotations = new Dictionary<string, string>(DeploymentAnnotations.ForReplicaSet(deployment))
                {
                    [DeploymentAnnotations.Revision] = $"{revision}",
                    [DeploymentAnnotations.DesiredReplicas] = $"{view.Replicas}",
                },
                OwnerReferences = [deployment.CreateOwnerReference(controller: true, blockDeletion: true)],
            },
            Spec = new ReplicaSetSpec
            {
                Replicas = replicas,
                MinReadySeconds = view.Spec.MinReadySeconds,
                Selector = new V1LabelSelector
                {
                    MatchLabels = With(view.Spec.Selector?.MatchLabels, hash),
                    MatchExpressions = view.Spec.Selector?.MatchExpressions,
                },
                Template = template,
            },
        });
    }

    private static Dictionary<string, string> With(IDictionary<string, string>? labels, string hash) =>
        new(labels ?? new Dictionary<string, string>()) { [PodTemplateHash.Label] = hash };

    /// <summary>Labels the pods of a template; returns all the labels that they then have.</summary>
    private static Dictionary<string, string> Label(JsonObject template, string hash)
    {
        if (template["metadata"] is not JsonObject metadata)
        {
            template["metadata"] = metadata = [];
        }

        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[PodTemplateHash.Label] = hash;
        return labels.ToDictionary(label => label.Key, label => (string?)label.Value ?? "");
    }
}
