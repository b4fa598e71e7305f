using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>One look at a ModelDeployment and all that belongs to it.</summary>
internal sealed record Observation
{
    public required V1Alpha1ModelDeployment Deployment { get; init; }

    public required IReadOnlyDictionary<string, V1Alpha1ModelRevision> Revisions { get; init; }

    /// <summary>Pods by revision.</summary>
    public required ILookup<string, V1Pod> Pods { get; init; }

    public required TrafficObservation Traffic { get; init; }

    public required RolloutWorld World { get; init; }

    /// <summary>The policies that a rollout which starts now is judged by.</summary>
    public required IReadOnlyList<PolicySnapshot> Policies { get; init; }
}
