using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Cel.Evaluation;
using ModelOperator.DevCluster.Cel.Syntax;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Validation;

/// <summary>One validation of one object: walks the schema along the value and pays all rules from one budget.</summary>
internal sealed class ValidationRuleWalk
{
    private long _budget = CelBudget.PerObject;

    public List<RuleViolation> Violations { get; } = [];

    public void Visit(JsonObject schema, Correlation node, string path)
    {
        EvaluateRules(schema, node, path);
        foreach (var part in (schema["allOf"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            Visit(part, node, path);
        }

        switch (node.Value)
        {
            case JsonArray array when schema["items"] is JsonObject items:
                VisitItems(schema, items, array, node, path);
                break;
            case JsonObject @object:
                VisitMembers(schema, @object, node, path);
                break;
        }
    }

    private void VisitMembers(JsonObject schema, JsonObject value, Correlation node, string path)
    {
        var properties = schema["properties"] as JsonObject;
        var others = schema["additionalProperties"] as JsonObject;
        var old = node.Old as JsonObject;
        foreach (var (name, member) in value)
        {
            if (member is null)
            {
                continue;
            }

            if (properties?[name] is JsonObject property)
            {
                Visit(property, node.Child(member, old?[name]), path.Length == 0 ? name : $"{path}.{name}");
            }
            else if (others is not null)
            {
                Visit(others, node.Child(member, old?[name]), $"{path}[{name}]");
            }
        }
    }

    private void VisitItems(JsonObject schema, JsonObject itemSchema, JsonArray array, Correlation node, string path)
    {
        var oldItems = ItemsByKey(schema, node.Old as JsonArray, out var keys);
        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is not { } item)
            {
                continue;
            }

            var old = keys is null ? null : oldItems.GetValueOrDefault(KeyOf(item, keys));
            Visit(itemSchema, node.Child(item, old), $"{path}[{i}]");
        }
    }

    private static Dictionary<string, JsonNode> ItemsByKey(JsonObject schema, JsonArray? old, out List<string>? keys)
    {
        var result = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        keys = ListMapKeys(schema);
        if (keys is null || old is null)
        {
            return result;
        }

        foreach (var item in old.OfType<JsonNode>())
        {
            result.TryAdd(KeyOf(item, keys), item);
        }

        return result;
    }

    private static List<string>? ListMapKeys(JsonObject schema) =>
        schema["x-kubernetes-list-type"]?.ToString() == "map" && schema["x-kubernetes-list-map-keys"] is JsonArray keys
            ? [.. keys.OfType<JsonNode>().Select(key => key.ToString())]
            : null;

    private static string KeyOf(JsonNode item, List<string> keys) =>
        string.Join('\n', keys.Select(key => (item as JsonObject)?[key]?.ToJsonString() ?? "null"));

    private void EvaluateRules(JsonObject schema, Correlation node, string path)
    {
        CelValue? self = null;
        CelValue? oldSelf = null;
        foreach (var rule in ValidationRule.Of(schema))
        {
            if (_budget < 0)
            {
                return;
            }

            CelProgram program;
            try
            {
                program = CelProgramCache.Get(rule.Rule);
            }
            catch (CelSyntaxException e)
            {
                Report(path, $"rule compile error: {e.Message}");
                continue;
            }
            if (program.UsesOldSelf && node.Old is null && !rule.OptionalOldSelf)
            {
                continue;
            }

            self ??= CelJson.Read(node.Value, schema);
            oldSelf ??= CelJson.Read(node.Old, schema);
            Evaluate(rule, program, node, self, rule.OptionalOldSelf ? new CelValue.Optional(node.Old is null ? null : oldSelf) : oldSelf, path);
        }
    }

    private void Evaluate(ValidationRule rule, CelProgram program, Correlation node, CelValue self, CelValue oldSelf, string path)
    {
        var outcome = program.EvaluateRule(self, oldSelf, Math.Min(_budget, CelBudget.PerRule));
        _budget -= outcome.Cost;
        if (outcome.IsOverBudget || _budget < 0)
        {
            _budget = -1;
            Report(path, $"'{outcome.Error}': no further validation rules will be run due to call cost exceeds limit for rule: {rule.Name}");
        }
        else if (outcome.Verdict == CelVerdict.Error)
        {
            Report(path, outcome.Error!.StartsWith("no such overload", StringComparison.Ordinal)
                ? $"'{outcome.Error}': call arguments did not match a supported operator, function or macro signature for rule: {rule.Name}"
                : $"{outcome.Error} evaluating rule: {rule.Name}");
        }
        else if (outcome.Verdict == CelVerdict.False && (program.UsesOldSelf || !node.IsUnchanged))
        {
            var message = MessageOf(rule, self, oldSelf) ?? rule.DefaultMessage;
            Violations.Add(new RuleViolation(PathOf(path, rule), message, rule.Reason ?? "FieldValueInvalid", node.Value is JsonValue ? node.Value : null));
        }
    }

    private string? MessageOf(ValidationRule rule, CelValue self, CelValue oldSelf)
    {
        if (rule.MessageExpression is not { Length: > 0 } expression)
        {
            return null;
        }

        try
        {
            var message = CelProgramCache.Get(expression).EvaluateMessage(self, oldSelf, Math.Clamp(_budget, 0, CelBudget.PerRule), out var cost);
            _budget -= cost;
            return message;
        }
        catch (CelSyntaxException)
        {
            // CheckSchema reports it when the CRD is written; the object's owner gets the plain message.
            return null;
        }
    }

    private static string PathOf(string path, ValidationRule rule) =>
        rule.FieldPath is not { Length: > 0 } field ? path : path.Length == 0 ? field.TrimStart('.') : path + field;

    private void Report(string path, string message) => Violations.Add(new RuleViolation(path, message, "FieldValueInvalid"));
}
