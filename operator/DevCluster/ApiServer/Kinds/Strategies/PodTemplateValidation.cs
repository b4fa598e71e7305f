using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>What must hold of a pod spec for a node to be able to run it.</summary>
internal static class PodTemplateValidation
{
    public static IEnumerable<FieldError> Check(JsonObject? podSpec, string path)
    {
        if (podSpec?.ArrayAt("containers") is not { Count: > 0 })
        {
            yield return FieldError.Required($"{path}.containers");
        }

        if (podSpec is null)
        {
            yield break;
        }

        var volumes = (podSpec.ArrayAt("volumes") ?? []).Select(volume => volume.StringAt("name")).ToHashSet();
        var names = new HashSet<string>();
        foreach (var list in (string[])["initContainers", "containers"])
        {
            var index = 0;
            foreach (var container in podSpec.ArrayAt(list)?.OfType<JsonObject>() ?? [])
            {
                foreach (var error in Container(container, $"{path}.{list}[{index++}]", names, volumes))
                {
                    yield return error;
                }
            }
        }

        if (podSpec.StringAt("restartPolicy") is { } policy && policy is not ("Always" or "OnFailure" or "Never"))
        {
            yield return FieldError.NotSupported($"{path}.restartPolicy", ValueText.Of(policy), ["\"Always\"", "\"OnFailure\"", "\"Never\""]);
        }
    }

    private static IEnumerable<FieldError> Container(JsonObject container, string path, HashSet<string> names, HashSet<string?> volumes)
    {
        var name = container.StringAt("name") ?? "";
        if (name.Length == 0)
        {
            yield return FieldError.Required($"{path}.name");
        }
        else if (NameRules.Label(name) is { } problem)
        {
            yield return FieldError.Invalid($"{path}.name", ValueText.Of(name), problem);
        }
        else if (!names.Add(name))
        {
            yield return FieldError.Duplicate($"{path}.name", ValueText.Of(name));
        }

        if (container.StringAt("image") is not { Length: > 0 })
        {
            yield return FieldError.Required($"{path}.image");
        }

        var index = 0;
        foreach (var mount in container.ArrayAt("volumeMounts")?.OfType<JsonObject>() ?? [])
        {
            var mountPath = $"{path}.volumeMounts[{index++}]";
            var volume = mount.StringAt("name") ?? "";
            if (!volumes.Contains(volume))
            {
                yield return new FieldError("FieldValueNotFound", $"{mountPath}.name", $"Not found: {ValueText.Of(volume)}");
            }

            if (mount.StringAt("mountPath") is not { Length: > 0 })
            {
                yield return FieldError.Required($"{mountPath}.mountPath");
            }
        }

        index = 0;
        foreach (var port in container.ArrayAt("ports")?.OfType<JsonObject>() ?? [])
        {
            var portPath = $"{path}.ports[{index++}]";
            if (port.IntegerAt("containerPort") is not { } number)
            {
                yield return FieldError.Required($"{portPath}.containerPort");
            }
            else if (number is < 1 or > 65535)
            {
                yield return FieldError.Invalid($"{portPath}.containerPort", ValueText.Of(number), "must be between 1 and 65535, inclusive");
            }
        }
    }
}
