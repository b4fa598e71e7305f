using System.Text.Json.Serialization;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>Who holds a Lease, since when and for how long.</summary>
public sealed class V1LeaseSpec
{
    public string? HolderIdentity { get; set; }

    public int? LeaseDurationSeconds { get; set; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? AcquireTime { get; set; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? RenewTime { get; set; }

    public int? LeaseTransitions { get; set; }
}
