using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds.Pods;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Selectors;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>Deployments and replica sets: replicas, a selector that never changes, and a pod template that it matches.</summary>
internal class WorkloadStrategy : KindStrategy
{
    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        spec.SetDefault("replicas", 1L);
        if (spec.ObjectAt("template") is { } template)
        {
            PodTemplateDefaults.Apply(template.Ensure("spec"));
        }
    }

    public override void PrepareForCreate(JsonObject obj, StrategyContext context) => obj["status"] = new JsonObject();

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        if (obj.IntegerAt("spec", "replicas") is < 0 and var replicas)
        {
            yield return FieldError.Invalid("spec.replicas", ValueText.Of(replicas), "must be greater than or equal to 0");
        }

        var selector = obj.ObjectAt("spec", "selector");
        var labels = obj.ObjectAt("spec", "template", "metadata", "labels");
        if (selector is null)
        {
            yield return FieldError.Required("spec.selector");
        }
        else if (IsEmpty(selector))
        {
            yield return FieldError.Invalid("spec.selector", ValueText.Of(selector), "empty selector is invalid for deployment");
        }

        if (selector is null || (!IsEmpty(selector) && !LabelSelector.FromObject(selector).Matches(labels)))
        {
            yield return FieldError.Invalid("spec.template.metadata.labels", ValueText.Of(labels), "`selector` does not match template `labels`");
        }

        foreach (var error in PodTemplateValidation.Check(obj.ObjectAt("spec", "template", "spec"), "spec.template.spec"))
        {
            yield return error;
        }

        if (obj.StringAt("spec", "template", "spec", "restartPolicy") is { } policy && policy != "Always")
        {
            yield return FieldError.NotSupported("spec.template.spec.restartPolicy", ValueText.Of(policy), ["\"Always\""]);
        }

        foreach (var error in Extra(obj))
        {
            yield return error;
        }

        if (old is not null && !JsonNode.DeepEquals(selector, old.At("spec", "selector")))
        {
            yield return FieldError.Invalid("spec.selector", ValueText.Of(selector), "field is immutable");
        }
    }

    /// <summary>What a kind asks for beyond selector and template.</summary>
    protected virtual IEnumerable<FieldError> Extra(JsonObject obj) => [];

    protected static IEnumerable<FieldError> NotNegative(JsonObject obj, string field) => obj.IntegerAt("spec", field) is < 0 and var number
        ? [FieldError.Invalid($"spec.{field}", ValueText.Of(number), "must be greater than or equal to 0")]
        : [];

    private static bool IsEmpty(JsonObject selector) =>
        selector.ObjectAt("matchLabels") is not { Count: > 0 } && selector.ArrayAt("matchExpressions") is not { Count: > 0 };
}
