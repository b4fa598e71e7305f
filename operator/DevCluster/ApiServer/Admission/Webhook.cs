using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Selectors;
using ModelOperator.DevCluster.Cel;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>One webhook of a Validating- or MutatingWebhookConfiguration.</summary>
internal sealed record Webhook
{
    /// <summary>What match conditions may ask about.</summary>
    public static readonly string[] ConditionVariables = ["object", "oldObject", "request"];

    public required string Name { get; init; }

    public required bool IsMutating { get; init; }

    public required WebhookEndpoint Endpoint { get; init; }

    public required IReadOnlyList<WebhookRule> Rules { get; init; }

    /// <summary>A write goes on when the webhook cannot be asked.</summary>
    public required bool IgnoresFailure { get; init; }

    /// <summary>It may be asked about a write that will not happen.</summary>
    public required bool AllowsDryRun { get; init; }

    public required LabelSelector NamespaceSelector { get; init; }

    public required LabelSelector ObjectSelector { get; init; }

    public required IReadOnlyList<(string Name, CelProgram Program)> Conditions { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>The webhooks of a configuration, which was validated when it was written.</summary>
    public static IEnumerable<Webhook> Of(JsonObject configuration, bool isMutating) =>
        (configuration.ArrayAt("webhooks") ?? []).OfType<JsonObject>().Select(webhook => Read(webhook, isMutating));

    private static Webhook Read(JsonObject webhook, bool isMutating) => new()
    {
        Name = webhook.StringAt("name") ?? "",
        IsMutating = isMutating,
        Endpoint = WebhookEndpoint.Of(webhook.ObjectAt("clientConfig") ?? []),
        Rules = [.. (webhook.ArrayAt("rules") ?? []).OfType<JsonObject>().Select(WebhookRule.Of)],
        IgnoresFailure = webhook.StringAt("failurePolicy") == "Ignore",
        AllowsDryRun = webhook.StringAt("sideEffects") is "None" or "NoneOnDryRun",
        NamespaceSelector = Selector(webhook, "namespaceSelector"),
        ObjectSelector = Selector(webhook, "objectSelector"),
        Conditions =
        [
            .. (webhook.ArrayAt("matchConditions") ?? [])
                .Select(condition => (condition.StringAt("name") ?? "", CelProgram.Compile(condition.StringAt("expression") ?? "", ConditionVariables))),
        ],
        Timeout = TimeSpan.FromSeconds(webhook.IntegerAt("timeoutSeconds") ?? 10),
    };

    private static LabelSelector Selector(JsonObject webhook, string name) =>
        webhook.ObjectAt(name) is { } selector ? LabelSelector.FromObject(selector) : LabelSelector.Everything;
}
