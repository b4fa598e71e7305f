using System.Diagnostics;

namespace ModelOperator.DevCluster.Node.Processes;

/// <summary>
/// Outlives this process for the moment it takes to kill what it left behind: a shell of its own session that waits for its standard input
/// to close, which happens however this process ends, and then kills every process that carries the mark in its environment.
/// The parent-death signal reaches only the first process of a container; this reaches those that it started.
/// </summary>
internal sealed class OrphanWatch : IDisposable
{
    /// <summary>The variable that marks the processes of one node.</summary>
    public const string Variable = "DEVCLUSTER_NODE_ID";

    // It ignores the signals that a terminal sends to everyone; only a process that cannot be killed ends the tries.
    private const string Script = """
        trap '' HUP INT TERM
        read -r _
        for _ in $(seq 100); do
            left=$(grep -lzxsF "$1" /proc/[0-9]*/environ | cut -d/ -f3)
            [ -n "$left" ] || exit 0
            kill -9 $left 2>/dev/null
            sleep 0.05
        done
        """;

    private readonly Process _shell;

    public OrphanWatch()
    {
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, "orphan-watch", $"{Variable}={Mark}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        start.Environment.Remove(Variable);
        _shell = Process.Start(start) ?? throw new InvalidOperationException("the orphan watch did not start");
    }

    /// <summary>The value of the variable.</summary>
    public string Mark { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Has it kill what is left and waits until that is done.</summary>
    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
