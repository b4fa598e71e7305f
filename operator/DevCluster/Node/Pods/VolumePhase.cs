namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>How far the volumes of a pod are.</summary>
internal enum VolumePhase
{
    Absent,
    Mounting,
    Mounted,
}
