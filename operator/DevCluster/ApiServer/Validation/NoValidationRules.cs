using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>Runs no rules: every object passes them.</summary>
internal sealed class NoValidationRules : IValidationRuleEvaluator
{
    public IEnumerable<FieldError> Evaluate(SchemaNode schema, JsonNode self, JsonNode? oldSelf, string path) => [];
}
