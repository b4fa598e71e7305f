using System.Net.Sockets;

namespace ModelOperator.DevCluster;

/// <summary>
/// A network for one cluster, by default a free 127.S.0.0/16. A port held on the node's address is the lock, so that two clusters
/// on one machine never share addresses.
/// </summary>
internal sealed class ClusterSlot : IDisposable
{
    private const int First = 16;
    private const int Last = 255;

    // Not the kubelet's port itself, which the node needs: the one below it.
    private const int LockPort = NodeNetwork.KubeletPort - 1;

    private readonly TcpListener _lock;

    private ClusterSlot(NodeNetwork network, TcpListener held)
    {
        Network = network;
        _lock = held;
    }

    public NodeNetwork Network { get; }

    /// <summary>Takes the first free slot.</summary>
    /// <exception cref="InvalidOperationException">Every slot is taken.</exception>
    public static ClusterSlot Claim()
    {
        for (var number = First; number <= Last; number++)
        {
            if (TryClaim(new NodeNetwork(127, (byte)number), out _) is { } slot)
            {
                return slot;
            }
        }

        throw new InvalidOperationException($"no free address range: 127.{First}.0.0/16 to 127.{Last}.0.0/16 all have a cluster");
    }

    /// <summary>Takes a network that someone chose.</summary>
    /// <exception cref="InvalidOperationException">It is taken, or its addresses are not this machine's.</exception>
    public static ClusterSlot Claim(NodeNetwork network) => TryClaim(network, out var error)
        ?? throw new InvalidOperationException(
            error == SocketError.AddressNotAvailable
                ? $"the addresses of {network} are not this machine's; `ip route add local {network} dev lo` makes them so"
                : $"the addresses of {network} cannot be used: {error}");

    public void Dispose() => _lock.Dispose();

    private static ClusterSlot? TryClaim(NodeNetwork network, out SocketError error)
    {
        var listener = new TcpListener(network.NodeAddress, LockPort) { ExclusiveAddressUse = true };
        try
        {
            listener.Start(1);
            error = SocketError.Success;
            return new ClusterSlot(network, listener);
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            error = exception.SocketErrorCode;
            return null;
        }
    }
}
