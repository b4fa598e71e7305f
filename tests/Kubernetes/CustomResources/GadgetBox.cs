using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>Something inside.</summary>
public sealed class GadgetBox
{
    [AdditionalPrinterColumn(name: "Opened")]
    public DateTime? OpenedAt { get; set; }
}
