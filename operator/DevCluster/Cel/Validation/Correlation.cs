using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Cel.Validation;

/// <summary>A value and what it was before the update, if that can be said of it.</summary>
/// <param name="Value">The value now.</param>
/// <param name="Old">The same node before; null on create, for a new node and for items of lists that have no keys.</param>
/// <param name="Nearest">The nearest ancestor that has a value before; null when this one has, or none does.</param>
internal sealed record Correlation(JsonNode Value, JsonNode? Old, Correlation? Nearest)
{
    /// <summary>
    /// Whether the update left it alone. A stored value that breaks a rule added later may stay as it is (Kubernetes' validation ratcheting).
    /// </summary>
    public bool IsUnchanged => Old is not null ? JsonNode.DeepEquals(Value, Old) : Nearest?.IsUnchanged ?? false;

    public Correlation Child(JsonNode value, JsonNode? old) => new(value, old, Old is not null ? this : Nearest);
}
