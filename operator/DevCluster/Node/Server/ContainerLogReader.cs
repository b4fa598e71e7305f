using ModelOperator.DevCluster.Node.Containers;

namespace ModelOperator.DevCluster.Node.Server;

/// <summary>Copies the log of a run of a container.</summary>
internal static class ContainerLogReader
{
    private const int ChunkBytes = 16 * 1024;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Writes what a request wants of a log and, when <paramref name="ended"/> is given, what is added until it completes.
    /// </summary>
    public static async Task CopyAsync(
        string path, LogRequest request, LogClock clock, Task? ended, Stream to, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var tail = request.TailLines is { } lines ? await TailStartAsync(log, lines, cancellationToken) : 0;
        clock.Observe(log.Length, time.GetUtcNow());
        log.Position = Math.Max(tail, request.Since is { } since ? clock.OffsetAt(since) : 0);
        var writer = new LogWriter(to, request.Timestamps ? clock : null, request.LimitBytes, time);
        var chunk = new byte[ChunkBytes];
        while (true)
        {
            // Asked before reading: what was written before the end is read after it.
            var isLast = ended is null || ended.IsCompleted;
            for (var offset = log.Position; await log.ReadAsync(chunk, cancellationToken) is > 0 and var read && !writer.IsFull; offset = log.Position)
            {
                await writer.WriteAsync(chunk.AsMemory(0, read), offset, cancellationToken);
            }

            await to.FlushAsync(cancellationToken);
            if (isLast || writer.IsFull)
            {
                return;
            }

            await Task.WhenAny(ended!, Task.Delay(Poll, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task<long> TailStartAsync(FileStream log, int lines, CancellationToken cancellationToken)
    {
        if (lines <= 0)
        {
            return log.Length;
        }

        var chunk = new byte[ChunkBytes];
        var end = log.Length;
        // The newline that ends the last line begins none.
        var wanted = lines;
        var isAtEnd = true;
        while (end > 0)
        {
            var start = Math.Max(0, end - ChunkBytes);
            log.Position = start;
            var length = (int)(end - start);
            await log.ReadExactlyAsync(chunk.AsMemory(0, length), cancellationToken);
            for (var i = length - 1; i >= 0; i--)
            {
                if (chunk[i] == (byte)'\n' && !(isAtEnd && i == length - 1) && --wanted == 0)
                {
                    return start + i + 1;
                }
            }

            isAtEnd = false;
            end = start;
        }

        return 0;
    }
}
