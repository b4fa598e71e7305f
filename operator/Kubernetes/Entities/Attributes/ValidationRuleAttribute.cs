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

    /// <summary>A CEL expression that gives the message; where it fails, <see cref="Message"/> is used.</summary>
    public string? MessageExpression { get; init; }

    /// <summary><c>FieldValueInvalid</c> (the API's default), <c>FieldValueForbidden</c>, <c>FieldValueRequired</c> or <c>FieldValueDuplicate</c>.</summary>
    public string? Reason { get; init; }
}
