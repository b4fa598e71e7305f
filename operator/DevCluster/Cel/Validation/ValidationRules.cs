using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Cel.Syntax;

namespace ModelOperator.DevCluster.Cel.Validation;

/// <summary>The <c>x-kubernetes-validations</c> of a structural schema.</summary>
internal static class ValidationRules
{
    /// <summary>Evaluates the rules at every level of a value that the schema itself accepts.</summary>
    /// <param name="schema">The structural schema of <paramref name="value"/>.</param>
    /// <param name="value">The object, or a part of it.</param>
    /// <param name="oldValue">What it was before an update; null on create, where transition rules do not run.</param>
    /// <param name="path">Where the value is in its object; empty for a whole object.</param>
    /// <returns>All violations, in the order of the value.</returns>
    public static IReadOnlyList<RuleViolation> Check(JsonObject schema, JsonNode value, JsonNode? oldValue, string path)
    {
        var walk = new ValidationRuleWalk();
        walk.Visit(schema, new Correlation(value, oldValue, null), path);
        return walk.Violations;
    }

    /// <summary>Finds rules that can never run, for the validation of the CRD that has them.</summary>
    /// <param name="schema">A structural schema.</param>
    /// <param name="path">Where the schema is in the CRD, for example <c>spec.versions[0].schema.openAPIV3Schema</c>.</param>
    public static IEnumerable<RuleViolation> CheckSchema(JsonObject schema, string path) => CheckSchema(schema, path, isCorrelatable: true);

    private static IEnumerable<RuleViolation> CheckSchema(JsonObject schema, string path, bool isCorrelatable)
    {
        var index = 0;
        foreach (var rule in ValidationRule.Of(schema))
        {
            var at = $"{path}.x-kubernetes-validations[{index++}]";
            if (Compile(rule.Rule, out var program) is { } error)
            {
                yield return Invalid($"{at}.rule", $"compilation failed: {error}", rule.Rule);
            }

            if (rule.MessageExpression is { } message && Compile(message, out _) is { } messageError)
            {
                yield return Invalid($"{at}.messageExpression", $"messageExpression compilation failed: {messageError}", message);
            }
            if (program is { UsesOldSelf: true } && !isCorrelatable)
            {
                yield return Invalid($"{at}.rule", "oldSelf cannot be used on the uncorrelatable portion of the schema within an array without list keys", rule.Rule);
            }
        }
        foreach (var (child, at, staysCorrelatable) in Children(schema, path))
        {
            foreach (var violation in CheckSchema(child, at, isCorrelatable && staysCorrelatable))
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<(JsonObject Schema, string Path, bool IsCorrelatable)> Children(JsonObject schema, string path)
    {
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (property is JsonObject child)
            {
                yield return (child, $"{path}.properties[{name}]", true);
            }
        }
        if (schema["additionalProperties"] is JsonObject others)
        {
            yield return (others, $"{path}.additionalProperties", true);
        }

        if (schema["items"] is JsonObject items)
        {
            yield return (items, $"{path}.items", schema["x-kubernetes-list-type"]?.ToString() == "map");
        }

        if (schema["allOf"] is not JsonArray parts)
        {
            yield break;
        }

        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is JsonObject part)
            {
                yield return (part, $"{path}.allOf[{i}]", true);
            }
        }
    }

    private static string? Compile(string expression, out CelProgram? program)
    {
        program = null;
        try
        {
            program = CelProgramCache.Get(expression);
            return null;
        }
        catch (CelSyntaxException e)
        {
            return e.Message;
        }
    }

    private static RuleViolation Invalid(string path, string message, string value) => new(path, message, "FieldValueInvalid", JsonValue.Create(value));
}
