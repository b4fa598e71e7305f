namespace ModelOperator.DevCluster.Node.Registration;

/// <summary>What pods can ask this node for.</summary>
internal static class NodeCapacity
{
    private const int Pods = 110;
    private const int BytesPerKi = 1024;

    /// <summary>Amounts by resource name.</summary>
    public static Dictionary<string, string> Of(NodeOptions options)
    {
        var capacity = new Dictionary<string, string>
        {
            ["cpu"] = $"{options.Cpus ?? Environment.ProcessorCount}",
            ["memory"] = $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BytesPerKi}Ki",
            ["pods"] = $"{Pods}",
        };
        if (options.Gpus > 0)
        {
            capacity["nvidia.com/gpu"] = $"{options.Gpus}";
        }

        return capacity;
    }
}
