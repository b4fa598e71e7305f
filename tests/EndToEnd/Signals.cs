using System.Diagnostics;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>What an operating system does to a process.</summary>
internal static class Signals
{
    /// <summary>Sends a signal; a process that is gone already is what a killer wants.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="signal">Without SIG: KILL, SEGV, STOP, CONT, TERM.</param>
    public static async Task SendAsync(int pid, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-s", signal, $"{pid}"]) { RedirectStandardError = true })
            ?? throw new InvalidOperationException("kill could not be started");
        await kill.WaitForExitAsync();
    }
}
