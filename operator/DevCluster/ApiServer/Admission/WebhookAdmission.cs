using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Patching;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>Asks the admission webhooks: the mutating ones in turn, each about what the last has made of the object; then the validating ones at once.</summary>
internal sealed class WebhookAdmission(WebhookRegistry registry, WebhookMatcher matcher, WebhookClient client) : IAdmission
{
    public async ValueTask<JsonObject> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var obj = request.Object;
        foreach (var webhook in registry.Mutating)
        {
            var asked = request with { Object = obj };
            if (matcher.Matches(webhook, asked) && await AskAsync(webhook, asked, cancellationToken) is { } response)
            {
                obj = Patch(webhook, asked, response);
            }
        }

        return obj ?? [];
    }

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var webhooks = registry.Validating;
        if (webhooks.Count > 0)
        {
            await Task.WhenAll(webhooks.Where(webhook => matcher.Matches(webhook, request)).Select(webhook => AskAsync(webhook, request, cancellationToken)));
        }
    }

    /// <returns>The response that allows the write; null when the webhook does not want to be asked or may be passed over.</returns>
    private async Task<JsonObject?> AskAsync(Webhook webhook, AdmissionRequest request, CancellationToken cancellationToken)
    {
        var options = request.Write.Options;
        var body = AdmissionReview.Request(request);
        JsonObject response;
        try
        {
            if (!WebhookMatcher.MeetsConditions(webhook, request, body))
            {
                return null;
            }

            if (options.DryRun && !webhook.AllowsDryRun)
            {
                throw ApiErrors.BadRequest($"admission webhook \"{webhook.Name}\" does not support dry run");
            }

            response = await client.CallAsync(webhook, body, cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            return webhook.IgnoresFailure
                ? null
                : throw ApiErrors.InternalError($"failed calling webhook \"{webhook.Name}\": {exception.Message}");
        }

        lock (options.Warnings)
        {
            options.Warnings.AddRange((response.ArrayAt("warnings") ?? []).Select(warning => warning.StringOrNull() ?? ""));
        }

        return response.BooleanAt("allowed") ? response : throw AdmissionReview.Denied(webhook.Name, response.ObjectAt("status"));
    }

    private static JsonObject? Patch(Webhook webhook, AdmissionRequest request, JsonObject response)
    {
        if (request.Object is not { } obj || response.StringAt("patch") is not { Length: > 0 } patch)
        {
            return request.Object;
        }

        try
        {
            var operations = JsonParser.Parse(Convert.FromBase64String(patch)) as JsonArray ?? throw new PatchException("the patch is not a list of operations");
            var patched = JsonPatch.Apply(obj, operations) as JsonObject ?? throw new PatchException("the result of the patch is not an object");
            UnknownFieldPruner.Prune(patched, request.Write.Kind.Schema, "", []);
            return patched;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or PatchException)
        {
            throw ApiErrors.InternalError($"failed calling webhook \"{webhook.Name}\": {exception.Message}");
        }
    }
}
