using ModelOperator.DevCluster.Controllers.ReplicaSets;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>One write that a Deployment needs.</summary>
internal abstract record DeploymentAction
{
    public sealed record Create(ReplicaSet ReplicaSet) : DeploymentAction;

    /// <summary>Sets the size of a ReplicaSet and the Deployment's size it was computed for.</summary>
    public sealed record Scale(ReplicaSet ReplicaSet, int Replicas, int DesiredReplicas) : DeploymentAction;

    /// <summary>Numbers a ReplicaSet as the newest.</summary>
    public sealed record Number(ReplicaSet ReplicaSet, long Revision) : DeploymentAction;

    /// <summary>Removes a ReplicaSet that history no longer keeps.</summary>
    public sealed record Delete(ReplicaSet ReplicaSet) : DeploymentAction;
}
