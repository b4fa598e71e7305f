using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Pods;

/// <summary>The rules of a container's resources: known names, amounts from zero up, no request above its limit.</summary>
internal static class ResourceValidation
{
    private static readonly string[] Standard = ["cpu", "memory", "ephemeral-storage"];

    public static IEnumerable<FieldError> Check(JsonObject? resources, string path)
    {
        var (limits, requests) = (resources.ObjectAt("limits") ?? [], resources.ObjectAt("requests") ?? []);
        return
        [
            .. limits.SelectMany(entry => Amount(entry.Key, entry.Value.StringOrNull(), $"{path}.limits[{entry.Key}]")),
            .. requests.SelectMany(entry => Request(entry.Key, entry.Value.StringOrNull(), limits, path)),
        ];
    }

    private static IEnumerable<FieldError> Request(string name, string? amount, JsonObject limits, string path)
    {
        foreach (var error in Amount(name, amount, $"{path}.requests[{name}]"))
        {
            yield return error;
        }

        var overcommits = Standard.Contains(name);
        if (limits[name].StringOrNull() is not { } limit)
        {
            if (!overcommits && !name.StartsWith("hugepages-", StringComparison.Ordinal))
            {
                yield return FieldError.Required($"{path}.limits", "Limit must be set for non overcommitable resources");
            }

            yield break;
        }

        var (asked, most) = (QuantityText.ValueOf(amount), QuantityText.ValueOf(limit));
        if (!overcommits && asked != most)
        {
            yield return FieldError.Invalid($"{path}.requests", ValueText.Of(amount), $"must be equal to {name} limit of {limit}");
        }
        else if (asked > most)
        {
            yield return FieldError.Invalid($"{path}.requests", ValueText.Of(amount), $"must be less than or equal to {name} limit of {limit}");
        }
    }

    private static IEnumerable<FieldError> Amount(string name, string? amount, string path)
    {
        var isExtended = name.Contains('/');
        if (!isExtended && !Standard.Contains(name) && !name.StartsWith("hugepages-", StringComparison.Ordinal))
        {
            yield return FieldError.Invalid(path, ValueText.Of(name), "must be a standard resource type or fully qualified");
            yield return FieldError.Invalid(path, ValueText.Of(name), "must be a standard resource for containers");
        }
        else if (NameRules.QualifiedName(name) is { } problem)
        {
            yield return FieldError.Invalid(path, ValueText.Of(name), problem);
        }

        var value = QuantityText.ValueOf(amount);
        if (value < 0)
        {
            yield return FieldError.Invalid(path, ValueText.Of(amount), "must be greater than or equal to 0");
        }

        if (isExtended && value % 1 != 0)
        {
            yield return FieldError.Invalid(path, ValueText.Of(amount), "must be an integer");
        }
    }
}
