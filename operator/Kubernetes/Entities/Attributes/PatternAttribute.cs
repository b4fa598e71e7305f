namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>The text must match.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string pattern) : Attribute
{
    /// <summary>An RE2 expression.</summary>
    public string Pattern { get; } = pattern;
}
