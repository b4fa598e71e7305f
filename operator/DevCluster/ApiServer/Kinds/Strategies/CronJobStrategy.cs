using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds.Pods;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>Cron jobs are stored, not run.</summary>
internal sealed class CronJobStrategy : DeclaredStrategy
{
    public override void Default(JsonObject obj)
    {
        base.Default(obj);
        if (obj.ObjectAt("spec", "jobTemplate", "spec", "template") is { } template)
        {
            obj.ObjectAt("spec", "jobTemplate")!.Ensure("metadata");
            template.Ensure("metadata");
            PodTemplateDefaults.Apply(template.Ensure("spec"));
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old) =>
        base.Validate(obj, old).Concat(
            PodTemplateValidation.Check(obj.ObjectAt("spec", "jobTemplate", "spec", "template", "spec"), "spec.jobTemplate.spec.template.spec"));
}
