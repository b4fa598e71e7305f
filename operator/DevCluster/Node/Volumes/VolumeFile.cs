namespace ModelOperator.DevCluster.Node.Volumes;

/// <summary>A file that a volume is to have.</summary>
/// <param name="Path">Relative to the volume.</param>
/// <param name="Content">What is in it.</param>
/// <param name="Mode">Its permission bits.</param>
internal sealed record VolumeFile(string Path, byte[] Content, int Mode);
