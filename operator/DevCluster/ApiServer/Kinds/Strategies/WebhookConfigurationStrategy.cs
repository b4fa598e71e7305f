using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Admission;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;
using ModelOperator.DevCluster.Cel;
using ModelOperator.DevCluster.Cel.Syntax;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>Webhook configurations: what is stored can be called.</summary>
internal sealed class WebhookConfigurationStrategy : DeclaredStrategy
{
    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        foreach (var error in base.Validate(obj, old))
        {
            yield return error;
        }

        var index = 0;
        foreach (var webhook in (obj.ArrayAt("webhooks") ?? []).OfType<JsonObject>())
        {
            foreach (var error in Check(webhook, $"webhooks[{index++}]"))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Check(JsonObject webhook, string path)
    {
        var name = webhook.StringAt("name") ?? "";
        if (name.Length > 0 && NameRules.Subdomain(name) is { } problem)
        {
            yield return FieldError.Invalid($"{path}.name", ValueText.Of(name), problem);
        }
        else if (name.Length > 0 && name.Split('.').Length < 3)
        {
            yield return FieldError.Invalid($"{path}.name", ValueText.Of(name), "should be a domain with at least three segments separated by dots");
        }

        var (url, service) = (webhook.StringAt("clientConfig", "url"), webhook.ObjectAt("clientConfig", "service"));
        if (url is null == service is null)
        {
            yield return FieldError.Required($"{path}.clientConfig", "exactly one of url or service is required");
        }

        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == "https"))
        {
            yield return FieldError.Invalid(
                $"{path}.clientConfig.url", ValueText.Of(url.Split(':')[0]), $"'https' is the only allowed URL scheme; desired format: https://host[/path]");
        }

        var index = 0;
        foreach (var condition in webhook.ArrayAt("matchConditions") ?? [])
        {
            var at = $"{path}.matchConditions[{index++}].expression";
            var expression = condition.StringAt("expression") ?? "";
            if (Problem(expression) is { } syntax)
            {
                yield return FieldError.Invalid(at, ValueText.Of(expression), $"compilation failed: {syntax}");
            }
        }
    }

    private static string? Problem(string expression)
    {
        try
        {
            CelProgram.Compile(expression, Webhook.ConditionVariables);
            return null;
        }
        catch (CelSyntaxException exception)
        {
            return exception.Message;
        }
    }
}
