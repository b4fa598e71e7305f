using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>Runs the CEL rules (<c>x-kubernetes-validations</c>) of a schema node.</summary>
internal interface IValidationRuleEvaluator
{
    /// <summary>Checks the rules of one node. The caller walks the schema and calls this for every value whose schema has rules.</summary>
    /// <param name="schema">The node's schema, with its rules.</param>
    /// <param name="self">The value.</param>
    /// <param name="oldSelf">The value before the update; null at creation, or where the old object has no correlatable value.</param>
    /// <param name="path">The value's field path, such as <c>spec.rollout</c>; empty for the object itself.</param>
    IEnumerable<FieldError> Evaluate(SchemaNode schema, JsonNode self, JsonNode? oldSelf, string path);
}
