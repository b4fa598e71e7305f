using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Selectors;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>The scale subresource: an autoscaling/v1 Scale made of an object, and put back into it.</summary>
internal static class ScaleView
{
    public static JsonObject Of(JsonObject obj, ScalePaths paths)
    {
        var metadata = new JsonObject();
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (obj.At("metadata", name) is { } value)
            {
                metadata[name] = value.DeepClone();
            }
        }

        var status = new JsonObject { ["replicas"] = At(obj, paths.StatusReplicas).AsInteger() ?? 0 };
        if (paths.LabelSelector is { } path)
        {
            status["selector"] = At(obj, path) switch
            {
                JsonObject selector => LabelSelector.FromObject(selector).ToString(),
                { } text => text.ToString(),
                null => "",
            };
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = At(obj, paths.SpecReplicas).AsInteger() ?? 0 },
            ["status"] = status,
        };
    }

    public static void Put(JsonObject obj, JsonObject scale, ScalePaths paths)
    {
        var steps = Steps(paths.SpecReplicas);
        var target = obj;
        foreach (var step in steps[..^1])
        {
            target = target.Ensure(step);
        }

        target[steps[^1]] = scale.IntegerAt("spec", "replicas") ?? 0;
        if (scale.ResourceVersion() is { } version)
        {
            obj.Metadata()["resourceVersion"] = version;
        }
    }

    private static JsonNode? At(JsonObject obj, string path) => obj.At(Steps(path));

    private static string[] Steps(string path) => path.TrimStart('.').Split('.');
}
