using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>What became of a widget.</summary>
public sealed class WidgetStatus
{
    public int? Count { get; set; }

    [XListMapKeys("type")]
    public IList<V1Condition>? Conditions { get; set; }
}
