using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>The schema of resource quantities, as k8s.io/apimachinery declares it: <c>cpu: 2</c> is as good as <c>cpu: "2"</c>.</summary>
internal static class QuantitySchema
{
    private const string Pattern =
        @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

    /// <summary>The schema of <see cref="V1ResourceRequirements"/>.</summary>
    public static JsonObject Requirements() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["requests"] = Amounts(), ["limits"] = Amounts() },
    };

    private static JsonObject Amounts() => new() { ["type"] = "object", ["additionalProperties"] = Quantity() };

    private static JsonObject Quantity() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
        ["pattern"] = Pattern,
        ["x-kubernetes-int-or-string"] = true,
    };
}
