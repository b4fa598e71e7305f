using System.Globalization;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>What the kernel knows of a process.</summary>
internal static class ProcessFigures
{
    /// <summary>Its resident memory, managed and not, in bytes.</summary>
    public static long ResidentBytes(int pid) => 1024 * long.Parse(
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).AsSpan("VmRSS:".Length).TrimEnd("kB "),
        NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);

    /// <summary>Files and sockets that it has open.</summary>
    public static int OpenFiles(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();

    /// <summary>How many it may open; .NET raises the soft limit to the hard one when it starts.</summary>
    public static long FileLimit(int pid)
    {
        var limits = File.ReadLines($"/proc/{pid}/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return long.TryParse(limits.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], out var limit) ? limit : long.MaxValue;
    }
}
