using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>Pods that run to their end.</summary>
[KubernetesEntity(Group = "batch", ApiVersion = "v1", Kind = "Job", PluralName = "jobs")]
internal sealed class Job : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public JobSpec Spec { get; set; } = new();

    public JobStatus Status { get; set; } = new();

    public bool IsIndexed => Spec.CompletionMode == "Indexed";

    /// <summary>The condition that says how the job ended; null while it has not.</summary>
    public JobCondition? End => ConditionOf("Complete") ?? ConditionOf("Failed");

    /// <summary>A condition that is true, or null.</summary>
    public JobCondition? ConditionOf(string type) => Status.Conditions?.FirstOrDefault(c => c.Type == type && c.Status == "True");
}
