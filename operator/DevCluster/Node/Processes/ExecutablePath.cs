using System.Diagnostics.CodeAnalysis;

namespace ModelOperator.DevCluster.Node.Processes;

/// <summary>Finds the file of a command, as <c>execvp</c> would.</summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "The node runs on Linux only.")]
internal static class ExecutablePath
{
    /// <summary>The file, or null when there is none that may be executed.</summary>
    public static string? Find(string command, string? path, string workingDirectory)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            var file = Path.GetFullPath(command, workingDirectory);
            return IsExecutable(file) ? file : null;
        }

        return (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string file) =>
        File.Exists(file)
        && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
