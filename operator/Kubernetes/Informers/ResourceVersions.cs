using System.Globalization;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>
/// Resource versions as numbers. They are comparable within a kind, as the API promises since Kubernetes 1.35
/// (KEP-5504) and etcd has always done.
/// </summary>
internal static class ResourceVersions
{
    /// <summary>The number; null for a version that is none, which then cannot be compared.</summary>
    public static ulong? Parse(string? resourceVersion) =>
        ulong.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether no server can have meant it. Servers other than etcd's may have versions that are no numbers.</summary>
    public static bool IsImpossible(string? resourceVersion) => resourceVersion?.StartsWith('-') == true;
}
