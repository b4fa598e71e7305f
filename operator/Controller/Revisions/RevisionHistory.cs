using ModelOperator.Api.ModelRevisions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Revisions;

/// <summary>Decides which records are old enough to go.</summary>
internal static class RevisionHistory
{
    /// <summary>
    /// The oldest records beyond the limit. Those in use stay, and so does the newest: its number must not be given out again,
    /// for metrics and events name revisions by it.
    /// </summary>
    public static IReadOnlyList<V1Alpha1ModelRevision> Surplus(
        IReadOnlyList<V1Alpha1ModelRevision> revisions, IReadOnlySet<string> inUse, int limit)
    {
        var newest = revisions.Select(revision => revision.Spec.Number).DefaultIfEmpty(0).Max();
        return [.. revisions
            .Where(revision => !inUse.Contains(revision.Name()) && revision.Spec.Number != newest)
            .OrderByDescending(revision => revision.Spec.Number)
            .Skip(limit)];
    }
}
