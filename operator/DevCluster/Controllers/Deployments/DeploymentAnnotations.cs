using System.Globalization;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>The annotations by which Deployments and their ReplicaSets know each other.</summary>
internal static class DeploymentAnnotations
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";

    private const string Prefix = "deployment.kubernetes.io/";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>What a ReplicaSet takes over from its Deployment, such as the change cause that <c>kubectl rollout history</c> shows.</summary>
    public static Dictionary<string, string> ForReplicaSet(Deployment deployment) =>
        (deployment.Metadata.Annotations ?? new Dictionary<string, string>())
            .Where(annotation => annotation.Key != LastApplied && !annotation.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary();

    public static long RevisionOf(IKubernetesObject<V1ObjectMeta> entity) => Number(entity, Revision) ?? 0;

    public static long? DesiredReplicasOf(IKubernetesObject<V1ObjectMeta> entity) => Number(entity, DesiredReplicas);

    private static long? Number(IKubernetesObject<V1ObjectMeta> entity, string annotation) =>
        long.TryParse(entity.GetAnnotation(annotation), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
