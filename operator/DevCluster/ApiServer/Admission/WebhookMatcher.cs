using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Storage;
using ModelOperator.DevCluster.Cel;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>Decides whether a webhook is asked about a write.</summary>
internal sealed class WebhookMatcher(ObjectStore store)
{
    private const string Group = "admissionregistration.k8s.io";

    /// <summary>Whether rules and selectors pick the write.</summary>
    public bool Matches(Webhook webhook, AdmissionRequest request) =>
        // Webhooks could otherwise shut out their own repair.
        request.Write.Kind.Group != Group
        && webhook.Rules.Any(rule => rule.Matches(request.Operation, request.Write))
        && MatchesNamespace(webhook, request)
        && MatchesObject(webhook, request);

    /// <summary>Whether the match conditions hold, once rules and selectors do.</summary>
    /// <exception cref="InvalidOperationException">A condition failed and none is false; the message says which.</exception>
    public static bool MeetsConditions(Webhook webhook, AdmissionRequest request, JsonObject review)
    {
        if (webhook.Conditions.Count == 0)
        {
            return true;
        }

        KeyValuePair<string, JsonNode?>[] variables =
            [new("object", request.Object), new("oldObject", request.OldObject), new("request", review)];
        var outcomes = webhook.Conditions.Select(condition => (condition.Name, Outcome: condition.Program.EvaluateCondition(variables))).ToList();
        if (outcomes.Exists(entry => entry.Outcome.Verdict == CelVerdict.False))
        {
            return false;
        }

        return outcomes.Find(entry => entry.Outcome.Verdict == CelVerdict.Error) is { Outcome: { } failed } broken
            ? throw new InvalidOperationException($"match condition \"{broken.Name}\": {failed.Error}")
            : true;
    }

    // A namespace is selected by its own labels, what is in no namespace always.
    private bool MatchesNamespace(Webhook webhook, AdmissionRequest request)
    {
        if (webhook.NamespaceSelector.IsEverything)
        {
            return true;
        }

        if (request.Write.Kind == BuiltInKinds.Namespace)
        {
            return webhook.NamespaceSelector.Matches(Labels(request.Object ?? request.OldObject));
        }

        return request.Write.Namespace is not { } ns
            || webhook.NamespaceSelector.Matches(Labels(store.Get(BuiltInKinds.Namespace.Storage, new ObjectKey("", ns))?.Content));
    }

    private static bool MatchesObject(Webhook webhook, AdmissionRequest request) =>
        webhook.ObjectSelector.IsEverything
        || (request.Object is { } now && webhook.ObjectSelector.Matches(Labels(now)))
        || (request.OldObject is { } before && webhook.ObjectSelector.Matches(Labels(before)));

    private static JsonObject? Labels(JsonObject? obj) => obj.ObjectAt("metadata", "labels");
}
