namespace ModelOperator.DevCluster.Node.Images;

/// <summary>A local program that stands in for a container image.</summary>
/// <param name="Image">The repository, without registry defaults, tag or digest: <c>modeloperator/serving</c>.</param>
/// <param name="Command">What the image's ENTRYPOINT would be; a container's <c>command</c> takes its place.</param>
/// <param name="Args">What the image's CMD would be; a container's <c>args</c> take its place.</param>
/// <param name="Env">What the image's ENV would be.</param>
internal sealed record LocalImage(
    string Image,
    IReadOnlyList<string>? Command = null,
    IReadOnlyList<string>? Args = null,
    IReadOnlyDictionary<string, string>? Env = null);
