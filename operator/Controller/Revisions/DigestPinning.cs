using ModelOperator.Api.ModelRevisions;
using ModelOperator.Controller.Workloads;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Revisions;

/// <summary>A revision is its bytes: the first pod that reports a digest pins it for all that follow.</summary>
internal static class DigestPinning
{
    /// <summary>The digest that a revision is pinned to, or is to be pinned to now; null while none is known.</summary>
    public static string? DigestOf(V1Alpha1ModelRevision revision, IEnumerable<V1Pod> pods) =>
        revision.Spec.Model.Sha256
        ?? revision.Status.Digest
        ?? pods.OrderBy(pod => pod.Metadata.CreationTimestamp)
            .ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(FetchReport.DigestOf)
            .FirstOrDefault(digest => digest is not null);

    /// <summary>Whether a pod serves other bytes than those that the revision is pinned to.</summary>
    public static bool Disagrees(V1Pod pod, string? digest) =>
        digest is not null && FetchReport.DigestOf(pod) is { } seen && seen != digest;
}
