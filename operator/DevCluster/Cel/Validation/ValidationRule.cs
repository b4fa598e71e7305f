using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Cel.Validation;

/// <summary>One entry of <c>x-kubernetes-validations</c>.</summary>
internal sealed record ValidationRule(
    string Rule, string? Message, string? MessageExpression, string? FieldPath, string? Reason, bool OptionalOldSelf)
{
    /// <summary>What a person reads when no message expression speaks.</summary>
    public string DefaultMessage => Message is { Length: > 0 } ? Message.Trim() : $"failed rule: {Rule.Trim()}";

    /// <summary>How an error of the evaluation names the rule.</summary>
    public string Name => Message is { Length: > 0 } ? Message.Trim() : Rule.Trim();

    /// <summary>The rules of a schema node, in order; the CRD's own validation has refused entries that are no rules.</summary>
    public static IEnumerable<ValidationRule> Of(JsonObject schema)
    {
        if (schema["x-kubernetes-validations"] is not JsonArray rules)
        {
            yield break;
        }

        foreach (var entry in rules.OfType<JsonObject>())
        {
            if (Text(entry, "rule") is not { } rule || string.IsNullOrWhiteSpace(rule))
            {
                continue;
            }

            yield return new ValidationRule(
                rule, Text(entry, "message"), Text(entry, "messageExpression"), Text(entry, "fieldPath"), Text(entry, "reason"),
                entry["optionalOldSelf"]?.GetValueKind() == JsonValueKind.True);
        }
    }

    private static string? Text(JsonObject entry, string name) =>
        entry[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
