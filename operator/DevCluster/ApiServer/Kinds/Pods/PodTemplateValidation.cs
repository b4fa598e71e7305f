using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Pods;

/// <summary>The rules of a pod spec, in the order and words of kube-apiserver.</summary>
internal static class PodTemplateValidation
{
    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];
    private static readonly string[] DnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

    public static IEnumerable<FieldError> Check(JsonObject? podSpec, string path)
    {
        if (podSpec is null)
        {
            return [FieldError.Required($"{path}.containers")];
        }

        var volumes = (podSpec.ArrayAt("volumes") ?? []).Select(volume => volume.StringAt("name") ?? "").ToHashSet();
        return
        [
            .. VolumeValidation.Check(podSpec.ArrayAt("volumes"), $"{path}.volumes"),
            .. podSpec.ArrayAt("containers") is { Count: > 0 } ? [] : new[] { FieldError.Required($"{path}.containers") },
            .. ContainerValidation.Check(podSpec, path, volumes),
            .. Supported(podSpec, path, "restartPolicy", RestartPolicies),
            .. Supported(podSpec, path, "dnsPolicy", DnsPolicies),
            .. Deadline(podSpec, path),
            .. NodeSelector(podSpec.ObjectAt("nodeSelector"), $"{path}.nodeSelector"),
            .. Tolerations(podSpec.ArrayAt("tolerations"), $"{path}.tolerations"),
        ];
    }

    private static IEnumerable<FieldError> Supported(JsonObject podSpec, string path, string field, string[] values)
    {
        if (podSpec.StringAt(field) is { } value && !values.Contains(value))
        {
            yield return FieldError.NotSupported($"{path}.{field}", ValueText.Of(value), values.Select(supported => ValueText.Of(supported)));
        }
    }

    private static IEnumerable<FieldError> Deadline(JsonObject podSpec, string path)
    {
        if (podSpec.IntegerAt("activeDeadlineSeconds") is { } deadline and (< 1 or > int.MaxValue))
        {
            yield return FieldError.Invalid($"{path}.activeDeadlineSeconds", ValueText.Of(deadline), "must be between 1 and 2147483647, inclusive");
        }
    }

    private static IEnumerable<FieldError> NodeSelector(JsonObject? selector, string path)
    {
        foreach (var (key, value) in selector ?? [])
        {
            if (NameRules.QualifiedName(key) is { } wrongKey)
            {
                yield return FieldError.Invalid(path, ValueText.Of(key), wrongKey);
            }

            if (NameRules.LabelValue(value.StringOrNull() ?? "") is { } wrongValue)
            {
                yield return FieldError.Invalid(path, ValueText.Of(value), wrongValue);
            }
        }
    }

    private static IEnumerable<FieldError> Tolerations(JsonArray? tolerations, string path)
    {
        for (var i = 0; i < tolerations?.Count; i++)
        {
            var (toleration, at) = (tolerations[i], $"{path}[{i}]");
            var @operator = toleration.StringAt("operator") ?? "";
            if (toleration.StringAt("key") is null or "" && @operator != "Exists")
            {
                yield return FieldError.Invalid(
                    $"{at}.operator", ValueText.Of(@operator), "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }

            if (@operator is not ("" or "Equal" or "Exists"))
            {
                yield return FieldError.NotSupported($"{at}.operator", ValueText.Of(@operator), ["\"Equal\"", "\"Exists\""]);
            }

            if (@operator == "Exists" && toleration.StringAt("value") is { Length: > 0 } value)
            {
                yield return FieldError.Invalid($"{at}.operator", ValueText.Of(value), "value must be empty when `operator` is 'Exists'");
            }
        }
    }
}
