using System.Threading.Channels;

namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>Wakes one reader of a log. Many wakes before the reader looks are one, so neither side ever waits for the other.</summary>
internal sealed class ChangeSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Wake() => _channel.Writer.TryWrite(true);

    /// <summary>Returns at the next wake, or at once when there was one since the last wait.</summary>
    public ValueTask<bool> WaitAsync() => _channel.Reader.ReadAsync();
}
