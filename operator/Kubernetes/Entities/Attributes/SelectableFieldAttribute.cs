namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>A field that <c>kubectl get --field-selector</c> and watches may select by.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SelectableFieldAttribute(string jsonPath) : Attribute
{
    /// <summary>Names of properties, each after a dot, for example <c>.spec.color</c>; they lead to a text, a whole number or a bool.</summary>
    public string JsonPath { get; } = jsonPath;
}
