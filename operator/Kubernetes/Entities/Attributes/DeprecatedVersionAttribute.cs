namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>A version that users should leave: the API server warns them.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DeprecatedVersionAttribute(string? warning = null) : Attribute
{
    /// <summary>The warning; null: the API server's own.</summary>
    public string? Warning { get; } = warning;
}
