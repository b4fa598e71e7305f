using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Pods;

/// <summary>The rules of a pod's volumes.</summary>
internal static class VolumeValidation
{
    private static readonly (string Source, string Field)[] RequiredFields =
        [("configMap", "name"), ("secret", "secretName"), ("hostPath", "path"), ("persistentVolumeClaim", "claimName")];

    public static IEnumerable<FieldError> Check(JsonArray? volumes, string path)
    {
        var names = new HashSet<string>();
        for (var i = 0; i < volumes?.Count; i++)
        {
            if (volumes[i] is not JsonObject volume)
            {
                continue;
            }

            foreach (var error in Volume(volume, $"{path}[{i}]"))
            {
                yield return error;
            }

            var name = volume.StringAt("name") ?? "";
            if (name.Length > 0 && !names.Add(name))
            {
                yield return FieldError.Duplicate($"{path}[{i}].name", ValueText.Of(name));
            }
        }
    }

    private static IEnumerable<FieldError> Volume(JsonObject volume, string path)
    {
        var name = volume.StringAt("name") ?? "";
        if (name.Length == 0)
        {
            yield return FieldError.Required($"{path}.name");
        }
        else if (NameRules.Label(name) is { } problem)
        {
            yield return FieldError.Invalid($"{path}.name", ValueText.Of(name), problem);
        }

        var sources = volume.Select(field => field.Key).Where(key => key != "name").ToList();
        // The first in the order in which they are looked at counts, and emptyDir is looked at first.
        foreach (var second in sources.OrderByDescending(source => source == "emptyDir").Skip(1))
        {
            yield return FieldError.Forbidden($"{path}.{second}", "may not specify more than 1 volume type");
        }

        foreach (var (source, field) in RequiredFields)
        {
            if (sources is [var only] && only == source && volume.StringAt(source, field) is not { Length: > 0 })
            {
                yield return FieldError.Required($"{path}.{source}.{field}");
            }
        }
    }
}
