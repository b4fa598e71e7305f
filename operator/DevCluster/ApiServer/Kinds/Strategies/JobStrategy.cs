using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds.Pods;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class JobStrategy : KindStrategy
{
    public override string? DefaultPropagationPolicy => "Orphan";

    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        if (!spec.ContainsKey("parallelism"))
        {
            // A parallelism alone means that one success is enough.
            spec.SetDefault("completions", 1L);
        }

        spec.SetDefault("parallelism", 1L);
        spec.SetDefault("backoffLimit", spec.ContainsKey("backoffLimitPerIndex") ? (long)int.MaxValue : 6L);
        spec.SetDefault("podReplacementPolicy", spec.ContainsKey("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        spec.SetDefault("manualSelector", false);
        spec.SetDefault("completionMode", "NonIndexed");
        spec.SetDefault("suspend", false);
        if (spec.ObjectAt("template") is { } template)
        {
            PodTemplateDefaults.Apply(template.Ensure("spec"));
        }
    }

    public override void PrepareForCreate(JsonObject obj, StrategyContext context)
    {
        obj["status"] = new JsonObject();
        if (obj.BooleanAt("spec", "manualSelector"))
        {
            return;
        }

        var labels = obj.Ensure("spec").Ensure("template").Ensure("metadata").Ensure("labels");
        foreach (var prefix in (ReadOnlySpan<string>)["batch.kubernetes.io/", ""])
        {
            labels[$"{prefix}controller-uid"] = obj.Uid();
            labels[$"{prefix}job-name"] = obj.Name();
        }

        if (obj.ObjectAt("metadata", "labels") is not { Count: > 0 })
        {
            obj.Ensure("metadata")["labels"] = labels.DeepClone();
        }

        obj.Ensure("spec")["selector"] = new JsonObject
        {
            ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = obj.Uid() },
        };
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        var errors = PodTemplateValidation.Check(obj.ObjectAt("spec", "template", "spec"), "spec.template.spec").Concat(Rules(obj, old));
        return obj.StringAt("spec", "template", "spec", "restartPolicy") is "OnFailure" or "Never"
            ? errors
            : errors.Append(FieldError.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
    }

    private static IEnumerable<FieldError> Rules(JsonObject obj, JsonObject? old)
    {
        var spec = obj.ObjectAt("spec") ?? [];
        foreach (var field in (string[])["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"])
        {
            if (spec.IntegerAt(field) < 0)
            {
                yield return FieldError.Invalid($"spec.{field}", ValueText.Of(spec[field]), "must be greater than or equal to 0");
            }
        }

        if (spec.StringAt("completionMode") is not ("NonIndexed" or "Indexed"))
        {
            yield return FieldError.NotSupported("spec.completionMode", ValueText.Of(spec["completionMode"]), ["\"NonIndexed\"", "\"Indexed\""]);
        }

        if (old?.ObjectAt("spec") is not { } before)
        {
            yield break;
        }

        // What may change while a job is suspended is its template.
        var isFree = before.BooleanAt("suspend");
        foreach (var field in (string[])["completions", "selector", "completionMode", .. isFree ? (string[])[] : ["template"]])
        {
            var isElastic = field == "completions" && spec.StringAt("completionMode") == "Indexed";
            if (!isElastic && !JsonNode.DeepEquals(spec[field], before[field]))
            {
                yield return FieldError.Invalid($"spec.{field}", ValueText.Of(spec[field]), "field is immutable");
            }
        }
    }
}
