namespace ModelOperator.Kubernetes.Entities.Attributes;

/// <summary>A CEL rule of the schema (<c>x-kubernetes-validations</c>).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ValidationRuleAttribute(string rule, string message) : Attribute
{
    /// <summary>The CEL expression; true means valid.</summary>
    public string Rule { get; } = rule;

    /// <summary>What a person reads when it is not.</summary>
    public string Message { get; } = message;

    /// <summary>The field the message is about, relative, for example <c>.steps</c>.</summary>
    public string? FieldPath { get; init; }
}
