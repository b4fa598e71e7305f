using System.Text.Json.Nodes;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>The schema of <c>metav1.Condition</c>, as k8s.io/apimachinery declares it.</summary>
internal static class ConditionSchema
{
    public static JsonObject Create() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject
            {
                ["description"] = "What the condition is about.",
                ["type"] = "string",
                ["maxLength"] = 316,
                ["pattern"] =
                    @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
            },
            ["status"] = new JsonObject
            {
                ["description"] = "True, False or Unknown.",
                ["type"] = "string",
                ["enum"] = new JsonArray("True", "False", "Unknown"),
            },
            ["observedGeneration"] = new JsonObject
            {
                ["description"] = "The generation of the spec that the condition was judged on.",
                ["type"] = "integer",
                ["format"] = "int64",
                ["minimum"] = 0,
            },
            ["lastTransitionTime"] = new JsonObject
            {
                ["description"] = "When the status last changed.",
                ["type"] = "string",
                ["format"] = "date-time",
            },
            ["reason"] = new JsonObject
            {
                ["description"] = "A word in CamelCase for machines.",
                ["type"] = "string",
                ["minLength"] = 1,
                ["maxLength"] = 1024,
                ["pattern"] = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
            },
            ["message"] = new JsonObject
            {
                ["description"] = "A sentence for people.",
                ["type"] = "string",
                ["maxLength"] = 32768,
            },
        },
        ["required"] = new JsonArray("type", "status", "lastTransitionTime", "reason", "message"),
    };
}
