using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ServingRuntimes;

/// <summary>The ports of a serving container.</summary>
public sealed class RuntimePorts
{
    /// <summary>REST.</summary>
    [DefaultValue(8000)]
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Http { get; set; }

    /// <summary>gRPC over HTTP/2 in clear text; absent: it speaks none.</summary>
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Grpc { get; set; }

    /// <summary>Prometheus metrics.</summary>
    [DefaultValue(8002)]
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Metrics { get; set; }

    /// <summary>Health.</summary>
    [DefaultValue(8081)]
    [RangeMinimum(1)]
    [RangeMaximum(65535)]
    public int? Health { get; set; }
}
