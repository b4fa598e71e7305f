using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Cel.Validation;

/// <summary>A rule that a value breaks.</summary>
/// <param name="Path">The field, for example <c>spec.rollout.steps[2]</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Reason">Kubernetes' cause: <c>FieldValueInvalid</c>, <c>FieldValueForbidden</c>, <c>FieldValueRequired</c> or <c>FieldValueDuplicate</c>.</param>
/// <param name="Value">The value to show with it; null for objects and lists, which are not shown.</param>
internal sealed record RuleViolation(string Path, string Message, string Reason, JsonNode? Value = null);
