using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Pods;

/// <summary>The rules of a container's environment variables.</summary>
internal static class EnvironmentValidation
{
    private static readonly string[] Fields =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs",
        "status.podIP", "status.podIPs",
    ];

    // Known to pods, but not to their environment.
    private static readonly string[] OtherFields = ["metadata.annotations", "metadata.labels", "spec.restartPolicy", "spec.schedulerName", "status.phase"];

    public static IEnumerable<FieldError> Check(JsonArray? variables, string path)
    {
        for (var i = 0; i < variables?.Count; i++)
        {
            foreach (var error in Variable(variables[i], $"{path}[{i}]"))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Variable(JsonNode? variable, string path)
    {
        var name = variable.StringAt("name") ?? "";
        if (name.Length == 0)
        {
            yield return FieldError.Required($"{path}.name");
        }
        else if (name.Any(letter => letter is < ' ' or > '~' or '='))
        {
            yield return FieldError.Invalid(
                $"{path}.name", ValueText.Of(name), "a valid environment variable name must consist only of printable ASCII characters other than '='");
        }

        if (variable.ObjectAt("valueFrom") is not { } source)
        {
            yield break;
        }

        foreach (var error in Source(source, $"{path}.valueFrom"))
        {
            yield return error;
        }

        if (source.Count == 0)
        {
            yield return FieldError.Invalid(
                $"{path}.valueFrom", "\"\"", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        }
        else if (variable.StringAt("value") is { Length: > 0 })
        {
            yield return FieldError.Invalid($"{path}.valueFrom", "\"\"", "may not be specified when `value` is not empty");
        }
        else if (source.Count > 1)
        {
            yield return FieldError.Invalid($"{path}.valueFrom", "\"\"", "may not have more than one field specified at a time");
        }
    }

    private static IEnumerable<FieldError> Source(JsonObject source, string path)
    {
        if (source.ObjectAt("fieldRef") is { } field && FieldProblem(field, $"{path}.fieldRef.fieldPath") is { } problem)
        {
            yield return problem;
        }

        foreach (var reference in (string[])["configMapKeyRef", "secretKeyRef"])
        {
            if (source.ObjectAt(reference) is not { } key)
            {
                continue;
            }

            var name = key.StringAt("name") ?? "";
            if (NameRules.Subdomain(name) is { } wrong)
            {
                yield return FieldError.Invalid($"{path}.{reference}.name", ValueText.Of(name), wrong);
            }

            if (key.StringAt("key") is not { Length: > 0 })
            {
                yield return FieldError.Required($"{path}.{reference}.key");
            }
        }
    }

    private static FieldError? FieldProblem(JsonObject field, string path)
    {
        var name = field.StringAt("fieldPath") ?? "";
        if (name.Length == 0)
        {
            return FieldError.Required(path);
        }

        if (Fields.Contains(name) || name.StartsWith("metadata.labels['", StringComparison.Ordinal) || name.StartsWith("metadata.annotations['", StringComparison.Ordinal))
        {
            return null;
        }

        return OtherFields.Contains(name)
            ? FieldError.NotSupported(path, ValueText.Of(name), Fields.Select(supported => ValueText.Of(supported)))
            : FieldError.Invalid(path, ValueText.Of(name), $"error converting fieldPath: field label not supported: {name}");
    }
}
