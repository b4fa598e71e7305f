namespace ModelOperator.DevCluster.Node.Volumes;

/// <summary>A volume of a pod cannot be provided; kubelet's <c>FailedMount</c>.</summary>
internal sealed class VolumeException(string volume, string reason) : Exception($"MountVolume.SetUp failed for volume \"{volume}\": {reason}");
