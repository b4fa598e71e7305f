using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Pods;

/// <summary>The rules of probes and lifecycle hooks, which name one action each.</summary>
internal static class ProbeValidation
{
    private static readonly string[] Actions = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
    private static readonly string[] Numbers =
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

    public static IEnumerable<FieldError> Check(JsonObject? probe, string path, bool isReadiness)
    {
        if (probe is null)
        {
            yield break;
        }

        foreach (var error in Handler(probe, path))
        {
            yield return error;
        }

        foreach (var field in Numbers)
        {
            if (probe.IntegerAt(field) is < 0 and var number)
            {
                yield return FieldError.Invalid($"{path}.{field}", ValueText.Of(number), "must be greater than or equal to 0");
            }
        }

        if (!isReadiness && probe.IntegerAt("successThreshold") is { } threshold && threshold != 1)
        {
            yield return FieldError.Invalid($"{path}.successThreshold", ValueText.Of(threshold), "must be 1");
        }
    }

    public static IEnumerable<FieldError> Handler(JsonObject handler, string path)
    {
        var given = Actions.Where(action => handler[action] is not null).ToList();
        if (given.Count == 0)
        {
            yield return FieldError.Required(path, "must specify a handler type");
            yield break;
        }

        foreach (var second in given.Skip(1))
        {
            yield return FieldError.Forbidden($"{path}.{second}", "may not specify more than 1 handler type");
        }

        foreach (var error in Action(handler.ObjectAt(given[0]) ?? [], given[0], $"{path}.{given[0]}"))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Action(JsonObject action, string name, string path) => name switch
    {
        "exec" when action.ArrayAt("command") is not { Count: > 0 } => [FieldError.Required($"{path}.command")],
        "httpGet" =>
        [
            .. action.StringAt("path") is { Length: > 0 } ? [] : new[] { FieldError.Required($"{path}.path") },
            .. PortRules.NumberOrName(action["port"], $"{path}.port"),
            .. action.StringAt("scheme") is { } scheme and not ("HTTP" or "HTTPS")
                ? new[] { FieldError.NotSupported($"{path}.scheme", ValueText.Of(scheme), ["\"HTTP\"", "\"HTTPS\""]) }
                : [],
        ],
        "tcpSocket" => PortRules.NumberOrName(action["port"], $"{path}.port"),
        "grpc" => PortRules.Number(action["port"], $"{path}.port") is { } error ? [error] : [],
        _ => [],
    };
}
