using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Pods;

internal sealed class PodStrategy : KindStrategy
{
    private static readonly string[] Mutable = ["containers", "initContainers", "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"];

    public override bool IsGraceful => true;

    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        PodTemplateDefaults.Apply(spec);
        TolerateBriefFailure(spec);
        spec.SetDefault("serviceAccountName", "default");
        spec.SetDefault("serviceAccount", spec.StringAt("serviceAccountName"));
        spec.SetDefault("enableServiceLinks", true);
        spec.SetDefault("preemptionPolicy", "PreemptLowerPriority");
        spec.SetDefault("priority", 0L);
    }

    // As the admission plug-in DefaultTolerationSeconds does.
    private static void TolerateBriefFailure(JsonObject spec)
    {
        foreach (var taint in (ReadOnlySpan<string>)["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (spec["tolerations"] is not JsonArray tolerations)
            {
                spec["tolerations"] = tolerations = [];
            }

            if (!Tolerates(tolerations, taint))
            {
                tolerations.Add(new JsonObject { ["key"] = taint, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300L });
            }
        }
    }

    private static bool Tolerates(JsonArray tolerations, string taint) => tolerations.Any(toleration =>
        (toleration.StringAt("key") == taint || (toleration.StringAt("key") is null or "" && toleration.StringAt("operator") == "Exists"))
        && toleration.StringAt("effect") is null or "" or "NoExecute");

    public override void PrepareForCreate(JsonObject obj, StrategyContext context) => obj["status"] = new JsonObject
    {
        ["phase"] = "Pending",
        ["qosClass"] = QualityOfService(obj.ObjectAt("spec")!),
    };

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        foreach (var error in PodTemplateValidation.Check(obj.ObjectAt("spec"), "spec"))
        {
            yield return error;
        }

        if (old is null || SameExceptImages(obj.ObjectAt("spec")!, old.ObjectAt("spec")!))
        {
            yield break;
        }

        yield return FieldError.Forbidden(
            "spec",
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
            + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
            + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)");
    }

    public override long GracePeriodSeconds(JsonObject obj, long? requested)
    {
        // Nobody would ever finish a pod that no node has, or that has ended.
        if (obj.StringAt("spec", "nodeName") is not { Length: > 0 })
        {
            return 0;
        }

        if (obj.StringAt("status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        return Math.Max(0, requested ?? obj.IntegerAt("spec", "terminationGracePeriodSeconds") ?? 30);
    }

    private static bool SameExceptImages(JsonObject spec, JsonObject old)
    {
        foreach (var name in spec.Select(field => field.Key).Union(old.Select(field => field.Key)))
        {
            if (!Mutable.Contains(name) && !JsonNode.DeepEquals(spec[name], old[name]))
            {
                return false;
            }
        }

        return JsonNode.DeepEquals(WithoutImages(spec), WithoutImages(old));
    }

    private static JsonArray WithoutImages(JsonObject spec)
    {
        var result = new JsonArray();
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            foreach (var container in spec.ArrayAt(list)?.OfType<JsonObject>() ?? [])
            {
                var copy = container.Copy();
                copy.Remove("image");
                copy.Remove("imagePullPolicy");
                result.Add(copy);
            }
        }

        return result;
    }

    private static string QualityOfService(JsonObject spec)
    {
        var (any, guaranteed) = (false, true);
        foreach (var container in spec.ArrayAt("containers")?.OfType<JsonObject>() ?? [])
        {
            foreach (var resource in (ReadOnlySpan<string>)["cpu", "memory"])
            {
                var (request, limit) = (container.At("resources", "requests", resource), container.At("resources", "limits", resource));
                any |= request is not null || limit is not null;
                guaranteed &= limit is not null && JsonNode.DeepEquals(request, limit);
            }
        }

        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
