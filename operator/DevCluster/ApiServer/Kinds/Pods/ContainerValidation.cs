using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Pods;

/// <summary>The rules of a pod's containers.</summary>
internal static class ContainerValidation
{
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    /// <param name="podSpec">The pod's spec.</param>
    /// <param name="path">Where it is in its object.</param>
    /// <param name="volumes">The names of the pod's volumes.</param>
    public static IEnumerable<FieldError> Check(JsonObject podSpec, string path, HashSet<string> volumes)
    {
        var names = new HashSet<string>();
        foreach (var list in (string[])["containers", "initContainers"])
        {
            var containers = podSpec.ArrayAt(list) ?? [];
            for (var i = 0; i < containers.Count; i++)
            {
                foreach (var error in Container(containers[i] as JsonObject ?? [], $"{path}.{list}[{i}]", names, volumes))
                {
                    yield return error;
                }
            }
        }
    }

    private static IEnumerable<FieldError> Container(JsonObject container, string path, HashSet<string> names, HashSet<string> volumes) =>
    [
        .. Name(container, path, names),
        .. container.StringAt("image") is { Length: > 0 } ? [] : new[] { FieldError.Required($"{path}.image") },
        .. Probes.SelectMany(probe => ProbeValidation.Check(container.ObjectAt(probe), $"{path}.{probe}", isReadiness: probe == "readinessProbe")),
        .. Hook(container, path, "postStart"),
        .. Hook(container, path, "preStop"),
        .. Ports(container.ArrayAt("ports"), $"{path}.ports"),
        .. EnvironmentValidation.Check(container.ArrayAt("env"), $"{path}.env"),
        .. Mounts(container.ArrayAt("volumeMounts"), $"{path}.volumeMounts", volumes),
        .. PullPolicy(container, path),
        .. ResourceValidation.Check(container.ObjectAt("resources"), $"{path}.resources"),
    ];

    private static IEnumerable<FieldError> Name(JsonObject container, string path, HashSet<string> names)
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
    }

    private static IEnumerable<FieldError> Hook(JsonObject container, string path, string hook) =>
        container.ObjectAt("lifecycle", hook) is { } handler ? ProbeValidation.Handler(handler, $"{path}.lifecycle.{hook}") : [];

    private static IEnumerable<FieldError> PullPolicy(JsonObject container, string path)
    {
        if (container.StringAt("imagePullPolicy") is { } policy && !PullPolicies.Contains(policy))
        {
            yield return FieldError.NotSupported($"{path}.imagePullPolicy", ValueText.Of(policy), PullPolicies.Select(supported => ValueText.Of(supported)));
        }
    }

    private static IEnumerable<FieldError> Ports(JsonArray? ports, string path)
    {
        var names = new HashSet<string>();
        for (var i = 0; i < ports?.Count; i++)
        {
            var (port, at) = (ports[i], $"{path}[{i}]");
            if (port.StringAt("name") is { Length: > 0 } name)
            {
                foreach (var problem in PortRules.Name(name))
                {
                    yield return FieldError.Invalid($"{at}.name", ValueText.Of(name), problem);
                }

                if (!names.Add(name))
                {
                    yield return FieldError.Duplicate($"{at}.name", ValueText.Of(name));
                }
            }

            if ((port.IntegerAt("containerPort") ?? 0) == 0)
            {
                yield return FieldError.Required($"{at}.containerPort");
            }
            else if (PortRules.Number(port.At("containerPort"), $"{at}.containerPort") is { } wrong)
            {
                yield return wrong;
            }

            if (PortRules.Protocol(port.At("protocol"), $"{at}.protocol") is { } unknown)
            {
                yield return unknown;
            }
        }
    }

    private static IEnumerable<FieldError> Mounts(JsonArray? mounts, string path, HashSet<string> volumes)
    {
        var places = new HashSet<string>();
        for (var i = 0; i < mounts?.Count; i++)
        {
            var (name, place) = (mounts[i].StringAt("name") ?? "", mounts[i].StringAt("mountPath") ?? "");
            if (name.Length == 0)
            {
                yield return FieldError.Required($"{path}[{i}].name");
            }

            if (!volumes.Contains(name))
            {
                yield return FieldError.NotFound($"{path}[{i}].name", ValueText.Of(name));
            }

            if (place.Length == 0)
            {
                yield return FieldError.Required($"{path}[{i}].mountPath");
            }

            if (!places.Add(place))
            {
                yield return FieldError.Invalid($"{path}[{i}].mountPath", ValueText.Of(place), "must be unique");
            }
        }
    }
}
