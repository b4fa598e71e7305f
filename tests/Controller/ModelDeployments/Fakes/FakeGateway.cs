using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Tests.Traffic.GatewayApi;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

/// <summary>A Gateway that takes in what is written only when it is told to; meanwhile it serves what it has.</summary>
internal sealed class FakeGateway
{
    private readonly FakeCluster _cluster;
    private IReadOnlyList<RouteArm> _served = [];

    public FakeGateway(FakeCluster cluster)
    {
        _cluster = cluster;
        cluster.Set(Gateways.Gateway());
        cluster.Set(Gateways.Class("HTTPRouteRequestMirror", "HTTPRoutePathRewrite"));
    }

    /// <summary>Where its requests go; nothing when it has no route.</summary>
    public IReadOnlyList<RouteArm> Served => _cluster.All<V1HttpRoute>().Count == 0 ? [] : _served;

    /// <summary>Takes in what is written and says so; false when there was nothing new.</summary>
    public bool TakeIn(string? refusal = null)
    {
        if (_cluster.All<V1HttpRoute>().SingleOrDefault() is not { } route
            || route.Status.Parents?.SingleOrDefault()?.Conditions?[0].ObservedGeneration == route.Metadata.Generation)
        {
            return false;
        }

        _served = refusal is null ? HttpRouteReader.Arms(route) : [];
        route.Status.Parents =
        [
            new RouteParentStatus
            {
                ParentRef = route.Spec.ParentRefs[0],
                ControllerName = Gateways.Controller,
                Conditions =
                [
                    Condition("Accepted", refusal, route),
                    Condition("ResolvedRefs", null, route),
                ],
            },
        ];
        _cluster.Set(route);
        return true;
    }

    private static V1Condition Condition(string type, string? refusal, V1HttpRoute route) => new()
    {
        Type = type,
        Status = refusal is null ? "True" : "False",
        Reason = refusal ?? type,
        Message = "said by the controller",
        ObservedGeneration = route.Metadata.Generation,
    };
}
