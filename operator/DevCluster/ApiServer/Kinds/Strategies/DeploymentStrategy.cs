using System.Globalization;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class DeploymentStrategy : WorkloadStrategy
{
    public override void Default(JsonObject obj)
    {
        base.Default(obj);
        var spec = obj.Ensure("spec");
        var strategy = spec.Ensure("strategy");
        strategy.SetDefault("type", "RollingUpdate");
        if (strategy.StringAt("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.SetDefault("maxUnavailable", "25%");
            rolling.SetDefault("maxSurge", "25%");
        }

        spec.SetDefault("revisionHistoryLimit", 10L);
        spec.SetDefault("progressDeadlineSeconds", 600L);
    }

    protected override IEnumerable<FieldError> Extra(JsonObject obj)
    {
        var spec = obj.ObjectAt("spec")!;
        return
        [
            .. Strategy(spec.ObjectAt("strategy")!),
            .. NotNegative(obj, "minReadySeconds"),
            .. NotNegative(obj, "revisionHistoryLimit"),
            .. NotNegative(obj, "progressDeadlineSeconds"),
            .. spec.IntegerAt("progressDeadlineSeconds") <= (spec.IntegerAt("minReadySeconds") ?? 0)
                ? new[] { FieldError.Invalid("spec.progressDeadlineSeconds", ValueText.Of(spec["progressDeadlineSeconds"]), "must be greater than minReadySeconds") }
                : [],
        ];
    }

    private static List<FieldError> Strategy(JsonObject strategy)
    {
        const string Path = "spec.strategy.rollingUpdate";
        switch (strategy.StringAt("type"))
        {
            case "Recreate" when strategy["rollingUpdate"] is not null:
                return [FieldError.Forbidden(Path, "may not be specified when strategy `type` is 'Recreate'")];
            case "Recreate":
                return [];
            case "RollingUpdate":
                return RollingUpdate(strategy.ObjectAt("rollingUpdate") ?? [], Path);
            default:
                var shown = $$"""{"Type":{{ValueText.Of(strategy["type"])}},"RollingUpdate":null}""";
                return [FieldError.NotSupported("spec.strategy", shown, ["\"Recreate\"", "\"RollingUpdate\""])];
        }
    }

    private static List<FieldError> RollingUpdate(JsonObject rolling, string path)
    {
        var wrong = new List<FieldError>();
        foreach (var field in (ReadOnlySpan<string>)["maxSurge", "maxUnavailable"])
        {
            if (Problem(rolling[field]) is { } problem)
            {
                wrong.Add(FieldError.Invalid($"{path}.{field}", ValueText.Of(rolling[field]), problem));
            }
        }

        if (IsZero(rolling["maxSurge"]) && IsZero(rolling["maxUnavailable"]))
        {
            wrong.Add(FieldError.Invalid($"{path}.maxUnavailable", ValueText.Of(rolling["maxUnavailable"]), "may not be 0 when `maxSurge` is 0"));
        }

        if (Percent(rolling["maxUnavailable"]) > 100)
        {
            wrong.Add(FieldError.Invalid($"{path}.maxUnavailable", ValueText.Of(rolling["maxUnavailable"]), "must not be greater than 100%"));
        }

        return wrong;
    }

    private static string? Problem(JsonNode? value)
    {
        if (value.AsInteger() is { } number)
        {
            return number < 0 ? "must be greater than or equal to 0" : null;
        }

        return Percent(value) is null
            ? "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
            : null;
    }

    private static bool IsZero(JsonNode? value) => value.AsInteger() == 0 || Percent(value) == 0;

    private static int? Percent(JsonNode? value) =>
        value.StringOrNull() is [.. var digits, '%'] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? percent : null;
}
