using System.Collections.Immutable;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>A Deployment and what it controls, as seen at one moment.</summary>
internal sealed record DeploymentView
{
    private DeploymentView(Deployment deployment, ReplicaSet? current, ImmutableArray<ReplicaSet> old, bool oldPodsLeft)
    {
        Deployment = deployment;
        Spec = deployment.Spec;
        New = current;
        Old = old;
        OldPodsLeft = oldPodsLeft;
    }

    public Deployment Deployment { get; }

    public DeploymentSpec Spec { get; }

    /// <summary>The ReplicaSet of the present template; null before it is made.</summary>
    public ReplicaSet? New { get; }

    /// <summary>The others, oldest first.</summary>
    public ImmutableArray<ReplicaSet> Old { get; }

    /// <summary>Whether pods of old ReplicaSets still exist.</summary>
    public bool OldPodsLeft { get; }

    public int Replicas => Spec.Replicas ?? 1;

    public bool IsRecreate => Spec.Strategy?.Type == "Recreate";

    public IEnumerable<ReplicaSet> All => New is null ? Old : Old.Add(New);

    /// <param name="deployment">The Deployment.</param>
    /// <param name="replicaSets">All ReplicaSets that it controls.</param>
    /// <param name="hasPods">Whether any pod of a ReplicaSet has not ended.</param>
    public static DeploymentView Of(Deployment deployment, IEnumerable<ReplicaSet> replicaSets, Func<ReplicaSet, bool> hasPods)
    {
        var hash = PodTemplateHash.Of(deployment.Spec.Template);
        var sorted = replicaSets
            .OrderBy(r => r.Metadata.CreationTimestamp)
            .ThenBy(r => r.Metadata.Name, StringComparer.Ordinal)
            .ToList();
        var current = sorted.Find(r => r.GetLabel(PodTemplateHash.Label) == hash);
        var old = sorted.Where(r => r != current).ToImmutableArray();
        return new DeploymentView(deployment, current, old, old.Any(hasPods));
    }

    /// <summary>How many pods a ReplicaSet is asked for.</summary>
    public static int SizeOf(ReplicaSet replicaSet) => replicaSet.Spec.Replicas ?? 1;

    /// <summary>
    /// How many of its pods can be counted on: status lags behind a shrunk spec, and what is about to go is not there.
    /// </summary>
    public static int AvailableOf(ReplicaSet replicaSet) => Math.Min(replicaSet.Status?.AvailableReplicas ?? 0, SizeOf(replicaSet));
}
