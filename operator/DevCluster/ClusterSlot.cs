using System.Net;
using System.Net.Sockets;

namespace ModelOperator.DevCluster;

/// <summary>
/// A free 127.S.0.0/16 for one cluster: the node is 127.S.0.1, pods are 127.S.1.0 and up. A port held on the node's address is the
/// lock, so that two clusters on one machine never share addresses.
/// </summary>
internal sealed class ClusterSlot : IDisposable
{
    public const int KubeletPort = 10250;
    private const int First = 16;
    private const int Last = 255;
    private readonly TcpListener _lock;

    private ClusterSlot(int number, TcpListener held)
    {
        Number = number;
        _lock = held;
    }

    public int Number { get; }

    public IPAddress NodeAddress => new([127, (byte)Number, 0, 1]);

    /// <exception cref="InvalidOperationException">Every slot is taken.</exception>
    public static ClusterSlot Claim()
    {
        for (var number = First; number <= Last; number++)
        {
            // Not the kubelet's port itself, which the node needs: the one below it.
            var listener = new TcpListener(new IPAddress([127, (byte)number, 0, 1]), KubeletPort - 1) { ExclusiveAddressUse = true };
            try
            {
                listener.Start(1);
                return new ClusterSlot(number, listener);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                listener.Dispose();
            }
        }

        throw new InvalidOperationException($"no free address range: 127.{First}.0.0/16 to 127.{Last}.0.0/16 all have a cluster");
    }

    public void Dispose() => _lock.Dispose();
}
