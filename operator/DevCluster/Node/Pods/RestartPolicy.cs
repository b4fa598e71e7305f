namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Which ended containers of a pod start again.</summary>
internal enum RestartPolicy
{
    Always,
    OnFailure,
    Never,
}
