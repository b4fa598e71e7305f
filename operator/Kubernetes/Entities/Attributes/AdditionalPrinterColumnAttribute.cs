namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>Shows the property as a column of <c>kubectl get</c>, after those of <see cref="GenericAdditionalPrinterColumnAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AdditionalPrinterColumnAttribute(int priority = 0, string? name = null) : Attribute
{
    /// <summary>0 shows it always, 1 only with <c>-o wide</c>.</summary>
    public int Priority { get; } = priority;

    /// <summary>The heading; null: the name of the property.</summary>
    public string? Name { get; } = name;
}
