using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ModelOperator.DevCluster.Node.Processes;

/// <summary>A started process, leader of a session of its own, so that what it starts ends with it.</summary>
internal sealed class LocalProcess
{
    private const int NoSuchProcess = 3;

    private readonly Process _process;

    internal LocalProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        Exit = WaitAsync();
    }

    public int Id { get; }

    /// <summary>Completes with the exit code; 128 + n when signal n ended it.</summary>
    public Task<int> Exit { get; }

    /// <summary>Signals the process and everything in its session's group.</summary>
    public void Send(Signal signal)
    {
        if (Exit.IsCompleted)
        {
            return;
        }

        // Between fork and setsid the group does not exist yet.
        if (Native.Kill(-Id, (int)signal) != 0 && Marshal.GetLastPInvokeError() == NoSuchProcess)
        {
            _ = Native.Kill(Id, (int)signal);
        }
    }

    private async Task<int> WaitAsync()
    {
        using (_process)
        {
            await _process.WaitForExitAsync();
            // What a container's first process started ends with it.
            _ = Native.Kill(-Id, (int)Signal.Kill);
            return _process.ExitCode;
        }
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int pid, int signal);
    }
}
