using System.Globalization;

namespace ModelOperator.DevCluster.Node.Processes;

/// <summary>Watches how much memory a process and what it started hold that is theirs alone.</summary>
internal static class MemoryWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until it is more than a limit in bytes; false when the process has gone first.</summary>
    public static async Task<bool> ExceedsAsync(int processId, long limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            if (PrivateBytesOf(processId) > limit)
            {
                return true;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));

        return false;
    }

    /// <summary>Resident pages without those shared with files and other processes, as a container's memory is counted.</summary>
    internal static long PrivateBytesOf(int processId)
    {
        var statistics = Read($"/proc/{processId}/statm").Split(' ');
        var bytes = statistics.Length > 2 ? (Number(statistics[1]) - Number(statistics[2])) * Environment.SystemPageSize : 0;
        return bytes + ChildrenOf(processId).Sum(PrivateBytesOf);
    }

    private static IEnumerable<int> ChildrenOf(int processId)
    {
        string[] threads;
        try
        {
            threads = Directory.GetDirectories($"/proc/{processId}/task");
        }
        catch (IOException)
        {
            return [];
        }

        return threads
            .SelectMany(thread => Read(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => (int)Number(id));
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It has ended in the meantime.
            return "";
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
