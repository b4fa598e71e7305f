using System.Globalization;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Records;

/// <summary>Everything that stands behind a revision.</summary>
internal static class RevisionFacts
{
    public static IReadOnlyList<RevisionFact> Of(V1Alpha1ModelRevision revision)
    {
        var (spec, status, lineage) = (revision.Spec, revision.Status, revision.Spec.Model.Lineage);
        var digest = status?.Digest ?? spec.Model.Sha256;
        return [.. new (string Key, string Label, string? Value)[]
        {
            ("name", "Revision", revision.Name()),
            ("deployment", "Deployment", $"{revision.Namespace()}/{spec.Deployment}"),
            ("version", "Version", spec.Version),
            ("uri", "Model", spec.Model.Uri),
            ("sha256", "SHA-256", digest),
            ("run", "Training run", lineage?.Run),
            ("dataset", "Data set", lineage?.Dataset),
            ("commit", "Commit", lineage?.Commit),
            ("metrics", "Metrics", lineage?.Metrics is { Count: > 0 } metrics ? string.Join(", ", metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).Select(metric => $"{metric.Key} {metric.Value}")) : null),
            ("image", "Served by", spec.ServingRuntime.Image),
            ("created", "Made", Time(revision.Metadata.CreationTimestamp)),
            ("outcome", "Outcome", status?.Outcome is { } outcome ? $"{outcome}{(status.At is { } at ? $" since {Time(at)}" : "")}{(status.Reason is { Length: > 0 } reason ? $": {reason}" : "")}" : null),
        }.Where(fact => !string.IsNullOrEmpty(fact.Value)).Select(fact => new RevisionFact(fact.Key, fact.Label, fact.Value!))];
    }

    private static string? Time(DateTime? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
