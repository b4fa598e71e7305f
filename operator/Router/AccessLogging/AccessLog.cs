using System.Text.Json;
using System.Threading.Channels;

namespace ModelOperator.Router.AccessLogging;

/// <summary>
/// Writes a line of JSON for every request. Nobody waits for the reader of the lines: when it is slower than the callers,
/// lines are dropped, and the number of them is written with the next.
/// </summary>
internal sealed class AccessLog(Stream output) : BackgroundService
{
    private const int MostWaiting = 10_000;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Channel<AccessLogEntry> _waiting = Channel.CreateBounded<AccessLogEntry>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _dropped;

    /// <summary>Hands an entry over, or drops it.</summary>
    public void Write(AccessLogEntry entry)
    {
        if (!_waiting.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The server has stopped before: what is there now is all there will be.
        _waiting.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lines = new MemoryStream();
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            lines.SetLength(0);
            while (lines.Length < 64 * 1024 && _waiting.Reader.TryRead(out var entry))
            {
                WriteLine(lines, entry);
            }
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                WriteLine(lines, new Dictionary<string, long> { ["dropped"] = dropped });
            }
            await output.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
        }
    }

    private static void WriteLine<T>(MemoryStream lines, T value)
    {
        JsonSerializer.Serialize(lines, value, Json);
        lines.WriteByte((byte)'\n');
    }
}
