using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.Hosting;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic;

/// <summary>Looks at the routes of a ModelDeployment and at who serves them.</summary>
internal sealed class TrafficObserver(ClusterCaches caches, GatewayCaches gateways, RouterFleet routers, OperatorOptions options)
{
    // As often as an informer asks whether a kind can be followed by now.
    private static readonly TimeSpan RefusedRecheck = TimeSpan.FromSeconds(10);

    public async Task<TrafficObservation> ObserveAsync(V1Alpha1ModelDeployment deployment, Rollout rollout, CancellationToken cancellationToken)
    {
        var provider = deployment.Spec.Traffic?.Provider == nameof(TrafficProvider.GatewayAPI) ? TrafficProvider.GatewayAPI : TrafficProvider.Router;
        var modelRoute = caches.Routes.Get(deployment.Name(), deployment.Namespace());
        var httpRoute = gateways.RouteOf(deployment);
        var (ready, confirming) = await routers.AskAsync(caches.RouterPods.List(), modelRoute, cancellationToken);
        var byRouters = new RouteView(ModelRouteBuilder.Arms(modelRoute), ready, confirming);
        var byGateway = GatewayAcceptance.View(httpRoute, parent => gateways.ControllerOf(parent, deployment.Namespace()));
        if (gateways.Refused is not null && httpRoute is not null)
        {
            // What is known of it may be old.
            byGateway = byGateway with { ConfirmingRouters = 0, Lag = new RouteLag("GatewayApiForbidden", "the HTTPRoute cannot be followed for now") };
        }

        var (wanted, other, hasOther) = provider == TrafficProvider.Router
            ? (byRouters, byGateway, httpRoute is not null)
            : (byGateway, byRouters, modelRoute is not null);
        var isGateway = provider == TrafficProvider.GatewayAPI;
        return new TrafficObservation
        {
            Provider = provider,
            ModelRoute = modelRoute,
            HttpRoute = httpRoute,
            Wanted = wanted,
            Other = hasOther ? other : null,
            Problem = isGateway ? GatewayLimits.Problem(deployment.Spec) ?? GatewaySupport.Problem(deployment, rollout, gateways) : null,
            Url = hasOther && deployment.Status.Url is { } before ? before : isGateway ? GatewayAddressOf(deployment) : RouterAddressOf(deployment),
            RecheckAfter = isGateway && gateways.Refused is not null ? RefusedRecheck : null,
        };
    }

    private string RouterAddressOf(V1Alpha1ModelDeployment deployment) => $"{options.RouterUrl}/{deployment.Namespace()}/{deployment.Name()}";

    private string? GatewayAddressOf(V1Alpha1ModelDeployment deployment) => deployment.Spec.Traffic?.GatewayRef is { } reference
        ? GatewayUrl.Of(deployment, gateways.Gateway(reference.Name, reference.Namespace ?? deployment.Namespace()))
        : null;
}
