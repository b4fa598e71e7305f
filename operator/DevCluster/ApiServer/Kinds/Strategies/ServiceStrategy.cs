using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

internal sealed class ServiceStrategy : KindStrategy
{
    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        spec.SetDefault("type", "ClusterIP");
        spec.SetDefault("sessionAffinity", "None");
        if (spec.StringAt("type") == "ExternalName")
        {
            return;
        }

        spec.SetDefault("internalTrafficPolicy", "Cluster");
        foreach (var port in spec.ArrayAt("ports")?.OfType<JsonObject>() ?? [])
        {
            port.SetDefault("protocol", "TCP");
            port.SetDefault("targetPort", port["port"]?.DeepClone());
        }
    }

    public override void PrepareForCreate(JsonObject obj, StrategyContext context)
    {
        obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        var spec = obj.Ensure("spec");
        if (spec.StringAt("type") == "ExternalName")
        {
            return;
        }

        if (spec.StringAt("clusterIP") is not { Length: > 0 })
        {
            spec["clusterIP"] = context.ServiceAddresses.Next();
        }

        spec.SetDefault("clusterIPs", new JsonArray(spec.StringAt("clusterIP")));
        spec.SetDefault("ipFamilies", new JsonArray("IPv4"));
        spec.SetDefault("ipFamilyPolicy", "SingleStack");
    }

    // A manifest that leaves out what the server chose means to keep it.
    public override void PrepareForUpdate(JsonObject obj, JsonObject old, StrategyContext context)
    {
        var (spec, before) = (obj.Ensure("spec"), old.ObjectAt("spec"));
        if (before is null || spec.StringAt("type") == "ExternalName")
        {
            return;
        }

        foreach (var name in (ReadOnlySpan<string>)["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
        {
            spec.SetDefault(name, before[name]?.DeepClone());
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        if (NameRules.ServiceName(obj.Name()) is { } problem)
        {
            yield return FieldError.Invalid("metadata.name", ValueText.Of(obj.Name()), problem);
        }

        var ports = obj.ArrayAt("spec", "ports") ?? [];
        var headless = obj.StringAt("spec", "clusterIP") == "None";
        if (ports.Count == 0 && !headless && obj.StringAt("spec", "type") != "ExternalName")
        {
            yield return FieldError.Required("spec.ports");
        }

        var index = 0;
        foreach (var port in ports.OfType<JsonObject>())
        {
            var path = $"spec.ports[{index++}]";
            if (port.IntegerAt("port") is not (>= 1 and <= 65535))
            {
                yield return FieldError.Invalid($"{path}.port", ValueText.Of(port["port"]), "must be between 1 and 65535, inclusive");
            }

            if (ports.Count > 1 && port.StringAt("name") is not { Length: > 0 })
            {
                yield return FieldError.Required($"{path}.name");
            }
        }

        if (old?.StringAt("spec", "clusterIP") is { Length: > 0 } address && obj.StringAt("spec", "clusterIP") != address)
        {
            yield return FieldError.Invalid("spec.clusterIP", ValueText.Of(obj.StringAt("spec", "clusterIP") ?? ""), "field is immutable");
        }
    }
}
