using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.Traffic.GatewayApi;

/// <summary>A Gateway, its class and a ModelDeployment behind it.</summary>
internal static class Gateways
{
    public const string Controller = "example.com/gateway-controller";

    public static V1Alpha1ModelDeployment Deployment(Action<ModelDeploymentSpec>? edit = null)
    {
        var spec = new ModelDeploymentSpec
        {
            Traffic = new TrafficSettings
            {
                Provider = "GatewayAPI",
                GatewayRef = new GatewayReference { Name = "public", Namespace = "gateways" },
                Hostnames = ["digits.example.com"],
            },
        };
        edit?.Invoke(spec);
        return new V1Alpha1ModelDeployment
        {
            Metadata = new V1ObjectMeta { Name = "digits", NamespaceProperty = "default", Uid = "u1" },
            Spec = spec,
        };
    }

    public static V1Gateway Gateway() => new()
    {
        Metadata = new V1ObjectMeta { Name = "public", NamespaceProperty = "gateways" },
        Spec = new GatewaySpec
        {
            GatewayClassName = "example",
            Listeners = [new GatewayListener { Name = "http", Port = 80, Protocol = "HTTP" }, new GatewayListener { Name = "https", Port = 8443, Protocol = "HTTPS" }],
        },
        Status = new GatewayStatus { Addresses = [new GatewayAddress { Type = "IPAddress", Value = "192.0.2.7" }] },
    };

    public static V1GatewayClass Class(params string[] features) => new()
    {
        Metadata = new V1ObjectMeta { Name = "example" },
        Spec = new GatewayClassSpec { ControllerName = Controller },
        Status = new GatewayClassStatus { SupportedFeatures = [.. features.Select(feature => new SupportedFeature { Name = feature })] },
    };

    public static GatewayCaches Caches(FakeCluster cluster, KubernetesException? refusal = null) => new(
        new FakeInformer<V1HttpRoute>(cluster) { Refusal = refusal },
        new FakeInformer<V1Gateway>(cluster) { Refusal = refusal },
        new FakeInformer<V1GatewayClass>(cluster) { Refusal = refusal });

    /// <summary>Stable and candidate, as a plan has them.</summary>
    public static IReadOnlyList<RouteArm> Arms(int weight, int mirror = 0, params RouteMatch[] match) =>
    [
        new RouteArm("digits-r1", ArmRole.Stable, 100 - weight),
        new RouteArm("digits-r2", ArmRole.Candidate, weight) { Mirror = mirror, Match = CallerMatches.From(match) },
    ];
}
