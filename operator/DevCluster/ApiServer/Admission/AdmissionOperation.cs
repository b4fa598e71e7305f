namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>What a write does, as admission names it.</summary>
internal enum AdmissionOperation
{
    Create,
    Update,
    Delete,
}
