namespace ModelOperator.Kubernetes.Models;

/// <summary>One version of a kind.</summary>
public sealed class V1CustomResourceDefinitionVersion
{
    public string Name { get; set; } = "";

    public bool Served { get; set; }

    public bool Storage { get; set; }

    public bool? Deprecated { get; set; }

    public string? DeprecationWarning { get; set; }

    public V1CustomResourceValidation? Schema { get; set; }

    public V1CustomResourceSubresources? Subresources { get; set; }

    public IList<V1CustomResourceColumnDefinition>? AdditionalPrinterColumns { get; set; }

    public IList<V1SelectableField>? SelectableFields { get; set; }
}
