using System.Text.Json.Serialization;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Models;

/// <summary>How often an event came again.</summary>
public sealed class EventsV1EventSeries
{
    public int Count { get; set; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? LastObservedTime { get; set; }
}
