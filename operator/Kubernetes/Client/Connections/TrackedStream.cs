using System.Net.Sockets;

namespace ModelOperator.Kubernetes.Client.Connections;

/// <summary>A connection that tells when it is closed.</summary>
internal sealed class TrackedStream(Socket socket, bool leavesSocketThread, Action<TrackedStream> onClosed) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>The connection itself.</summary>
    public new Socket Socket => base.Socket;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = base.ReadAsync(buffer, cancellationToken);
        return !leavesSocketThread || read.IsCompleted ? read : OnThreadPoolAsync(read);
    }

    protected override void Dispose(bool disposing)
    {
        onClosed(this);
        base.Dispose(disposing);
    }

    private static async ValueTask<int> OnThreadPoolAsync(ValueTask<int> read)
    {
        var count = await read.ConfigureAwait(false);
        await Task.Yield();
        return count;
    }
}
