using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>One write that a Deployment needs.</summary>
internal abstract record DeploymentAction
{
    public sealed record Create(V1ReplicaSet ReplicaSet) : DeploymentAction;

    /// <summary>Sets the size of a ReplicaSet and the Deployment's size it was computed for.</summary>
    public sealed record Scale(V1ReplicaSet ReplicaSet, int Replicas, int DesiredReplicas) : DeploymentAction;

    /// <summary>Numbers a ReplicaSet as the newest.</summary>
    public sealed record Number(V1ReplicaSet ReplicaSet, long Revision) : DeploymentAction;

    /// <summary>Removes a ReplicaSet that history no longer keeps.</summary>
    public sealed record Delete(V1ReplicaSet ReplicaSet) : DeploymentAction;
}
