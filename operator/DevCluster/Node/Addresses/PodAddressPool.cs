using System.Net;

namespace ModelOperator.DevCluster.Node.Addresses;

/// <summary>
/// The addresses x.y.1.1 to x.y.127.254. One that was given back is the last to be given out again, so that whoever
/// still remembers it does not reach another pod.
/// </summary>
internal sealed class PodAddressPool(NodeNetwork network)
{
    private const int FirstSubnet = 1;
    private const int LastSubnet = 127;
    private const int HostsPerSubnet = 254;
    private const int Size = (LastSubnet - FirstSubnet + 1) * HostsPerSubnet;

    private readonly Lock _lock = new();
    private readonly Queue<int> _returned = new();
    private int _next;

    /// <summary>An address no other pod has.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public IPAddress Rent()
    {
        lock (_lock)
        {
            var index = _next < Size ? _next++
                : _returned.TryDequeue(out var returned) ? returned
                : throw new InvalidOperationException($"all {Size} pod addresses of {network} are taken");
            return network.Address((byte)(FirstSubnet + (index / HostsPerSubnet)), (byte)(1 + (index % HostsPerSubnet)));
        }
    }

    public void Return(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        lock (_lock)
        {
            _returned.Enqueue(((bytes[2] - FirstSubnet) * HostsPerSubnet) + bytes[3] - 1);
        }
    }
}
