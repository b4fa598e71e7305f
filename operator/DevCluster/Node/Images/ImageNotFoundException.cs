namespace ModelOperator.DevCluster.Node.Images;

/// <summary>No local program stands for an image.</summary>
internal sealed class ImageNotFoundException(string reference, string origin)
    : Exception($"failed to pull image \"{reference}\": not found; add {ImageMap.Repository(reference)} to {origin}");
