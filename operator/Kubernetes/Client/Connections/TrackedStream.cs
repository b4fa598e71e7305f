using System.Net.Sockets;

namespace ModelOperator.Kubernetes.Client.Connections;

/// <summary>A connection that tells when it is closed.</summary>
internal sealed class TrackedStream(Socket socket, Action<TrackedStream> onClosed) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>The connection itself.</summary>
    public new Socket Socket => base.Socket;

    protected override void Dispose(bool disposing)
    {
        onClosed(this);
        base.Dispose(disposing);
    }
}
