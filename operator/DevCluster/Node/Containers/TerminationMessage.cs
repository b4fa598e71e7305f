using System.Text;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>What a container left to say when it ended.</summary>
internal static class TerminationMessage
{
    private const int MaxFileBytes = 4096;
    private const int MaxLogBytes = 2048;
    private const int MaxLogLines = 80;

    /// <summary>
    /// The text of its termination message file, or, by policy <c>FallbackToLogsOnError</c>, the end of the log of a container
    /// that failed and wrote none: at most 2048 bytes or 80 lines. Null when there is nothing.
    /// </summary>
    public static string? Read(string messageFile, string logFile, string? policy, bool failed)
    {
        var message = Encoding.UTF8.GetString(Head(messageFile, MaxFileBytes));
        if (message.Length > 0)
        {
            return message;
        }

        return policy == "FallbackToLogsOnError" && failed && Encoding.UTF8.GetString(Tail(logFile)) is { Length: > 0 } log ? log : null;
    }

    private static byte[] Head(string path, int limit)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(limit, file.Length)];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static ReadOnlySpan<byte> Tail(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(MaxLogBytes, file.Length)];
        file.Seek(-bytes.Length, SeekOrigin.End);
        file.ReadExactly(bytes);
        return LogTail.LastLines(bytes, MaxLogLines);
    }
}
