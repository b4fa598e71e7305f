namespace ModelOperator.Kubernetes.Client;

/// <summary>Whether a credential plug-in uses standard input.</summary>
public enum ExecInteractiveMode
{
    /// <summary>It does not.</summary>
    Never,

    /// <summary>It does when standard input is a terminal.</summary>
    IfAvailable,

    /// <summary>It cannot work without.</summary>
    Always,
}
