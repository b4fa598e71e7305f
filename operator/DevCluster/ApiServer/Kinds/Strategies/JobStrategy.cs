using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class JobStrategy : KindStrategy
{
    public override string? DefaultPropagationPolicy => "Orphan";

    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        spec.SetDefault("completions", 1L);
        spec.SetDefault("parallelism", 1L);
        spec.SetDefault("backoffLimit", 6L);
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
        labels["batch.kubernetes.io/controller-uid"] = obj.Uid();
        labels["batch.kubernetes.io/job-name"] = obj.Name();
        obj.Ensure("spec")["selector"] = new JsonObject
        {
            ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = obj.Uid() },
        };
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old) =>
        PodTemplateValidation.Check(obj.ObjectAt("spec", "template", "spec"), "spec.template.spec");
}
