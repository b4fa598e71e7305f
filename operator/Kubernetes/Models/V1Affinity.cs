using System.Text.Json.Nodes;

namespace ModelOperator.Kubernetes.Models;

/// <summary>Where a pod wants to run. Affinity to other pods is read by nobody here and kept as it is.</summary>
public sealed class V1Affinity
{
    public V1NodeAffinity? NodeAffinity { get; set; }

    public JsonObject? PodAffinity { get; set; }

    public JsonObject? PodAntiAffinity { get; set; }
}
