using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds.Pods;
using ModelOperator.DevCluster.ApiServer.Schemas;

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
        var errors = PodTemplateValidation.Check(obj.ObjectAt("spec", "template", "spec"), "spec.template.spec");
        return obj.StringAt("spec", "template", "spec", "restartPolicy") is "OnFailure" or "Never"
            ? errors
            : errors.Append(FieldError.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
    }
}
