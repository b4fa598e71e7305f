namespace ModelOperator.DevCluster.Node.Faults;

/// <summary>What goes wrong with a container because someone asked for it.</summary>
internal enum FaultKind
{
    /// <summary>Every run is killed as soon as it runs.</summary>
    Crash,

    /// <summary>The run that is there when the fault is asked for is killed; later ones are not.</summary>
    CrashOnce,

    /// <summary>The processes are stopped (SIGSTOP) until the fault is taken back: ports stay open, nothing answers.</summary>
    Hang,

    /// <summary>Every run is killed as if it had taken more memory than its limit.</summary>
    OutOfMemory,
}
