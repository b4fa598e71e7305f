namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>Cluster IPs from the last /24 of the cluster's slot, given out in turn.</summary>
internal sealed class ServiceAddressPool(int slot)
{
    private int _last;

    public string Next()
    {
        var number = Interlocked.Increment(ref _last);
        return $"127.{slot}.{255 - (number / 254 % 16)}.{1 + (number % 254)}";
    }
}
