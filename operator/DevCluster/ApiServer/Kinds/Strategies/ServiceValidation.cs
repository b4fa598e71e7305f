using System.Net;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>The rules of Services.</summary>
internal static class ServiceValidation
{
    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    private static readonly string[] Affinities = ["ClientIP", "None"];

    public static IEnumerable<FieldError> Check(JsonObject obj, JsonObject? old)
    {
        var spec = obj.ObjectAt("spec") ?? [];
        // A wrong address is refused before it is given out, and so before anything else is looked at.
        if (spec.StringAt("clusterIP") is { Length: > 0 } address and not "None" && !IPAddress.TryParse(address, out _))
        {
            return [FieldError.Invalid("spec.clusterIPs[0]", ValueText.Of(address), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
        }

        return
        [
            .. Ports(spec),
            .. Supported(spec, "sessionAffinity", Affinities),
            .. Supported(spec, "type", Types),
            .. Selector(spec.ObjectAt("selector")),
            .. old is null ? [] : Immutable(spec, old.ObjectAt("spec") ?? []),
        ];
    }

    private static IEnumerable<FieldError> Ports(JsonObject spec)
    {
        var ports = spec.ArrayAt("ports") ?? [];
        if (ports.Count == 0 && spec.StringAt("clusterIP") != "None" && spec.StringAt("type") != "ExternalName")
        {
            yield return FieldError.Required("spec.ports");
        }

        var names = new HashSet<string>();
        var numbers = new HashSet<(string?, long?)>();
        for (var i = 0; i < ports.Count; i++)
        {
            foreach (var error in Port(ports[i], $"spec.ports[{i}]", ports.Count > 1, names))
            {
                yield return error;
            }

            if (!numbers.Add((ports[i].StringAt("protocol"), ports[i].IntegerAt("port"))))
            {
                var (protocol, number) = (ports[i].StringAt("protocol"), ports[i].IntegerAt("port"));
                yield return FieldError.Duplicate(
                    $"spec.ports[{i}]", $$"""{"Name":"","Protocol":"{{protocol}}","AppProtocol":null,"Port":{{number}},"TargetPort":0,"NodePort":0}""");
            }
        }
    }

    private static IEnumerable<FieldError> Port(JsonNode? port, string path, bool needsName, HashSet<string> names)
    {
        var name = port.StringAt("name") ?? "";
        if (name.Length == 0 && needsName)
        {
            yield return FieldError.Required($"{path}.name");
        }
        else if (name.Length > 0 && NameRules.Label(name) is { } problem)
        {
            yield return FieldError.Invalid($"{path}.name", ValueText.Of(name), problem);
        }
        else if (name.Length > 0 && !names.Add(name))
        {
            yield return FieldError.Duplicate($"{path}.name", ValueText.Of(name));
        }

        if (PortRules.Number(port.At("port"), $"{path}.port") is { } wrong)
        {
            yield return wrong;
        }

        if (PortRules.Protocol(port.At("protocol"), $"{path}.protocol") is { } unknown)
        {
            yield return unknown;
        }

        foreach (var error in PortRules.NumberOrName(port.At("targetPort"), $"{path}.targetPort"))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Supported(JsonObject spec, string field, string[] values)
    {
        if (spec.StringAt(field) is { } value && !values.Contains(value))
        {
            yield return FieldError.NotSupported($"spec.{field}", ValueText.Of(value), values.Select(supported => ValueText.Of(supported)));
        }
    }

    private static IEnumerable<FieldError> Selector(JsonObject? selector)
    {
        foreach (var (key, value) in selector ?? [])
        {
            if (NameRules.QualifiedName(key) is { } wrongKey)
            {
                yield return FieldError.Invalid("spec.selector", ValueText.Of(key), wrongKey);
            }

            if (NameRules.LabelValue(value.StringOrNull() ?? "") is { } wrongValue)
            {
                yield return FieldError.Invalid("spec.selector", ValueText.Of(value), wrongValue);
            }
        }
    }

    private static IEnumerable<FieldError> Immutable(JsonObject spec, JsonObject before)
    {
        if (spec.StringAt("type") != "ExternalName" && before.StringAt("clusterIP") is { Length: > 0 } address && spec.StringAt("clusterIP") != address)
        {
            yield return FieldError.Invalid("spec.clusterIPs[0]", ValueText.Of(new JsonArray(spec.StringAt("clusterIP"))), "may not change once set");
        }
    }
}
