using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

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
        if (spec.StringAt("type") is "NodePort" or "LoadBalancer")
        {
            spec.SetDefault("externalTrafficPolicy", "Cluster");
        }

        if (spec.StringAt("type") == "LoadBalancer")
        {
            spec.SetDefault("allocateLoadBalancerNodePorts", true);
        }

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

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old) => ServiceValidation.Check(obj, old);
}
