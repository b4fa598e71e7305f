using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic;

/// <summary>Writes the shares for whoever moves the traffic. A provider that is no longer asked for keeps its route until the new one is served.</summary>
internal sealed class TrafficWriter(IKubernetesClient client, ClusterCaches caches, ObjectWriter writer, HttpRouteWriter httpRoutes)
{
    /// <exception cref="ForeignObjectException">A route has a name that is taken.</exception>
    /// <exception cref="TrafficBlockedException">A route cannot be written.</exception>
    public async Task WriteAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        var (traffic, deployment) = (seen.Traffic, seen.Deployment);
        if (traffic.Writes(TrafficProvider.Router) && (plan.Arms.Count > 0 || traffic.ModelRoute is not null))
        {
            await WriteModelRouteAsync(seen, plan, cancellationToken);
        }

        if (traffic.Writes(TrafficProvider.GatewayAPI) && (plan.Arms.Count > 0 || traffic.HttpRoute is not null))
        {
            await httpRoutes.EnsureAsync(deployment, plan.Arms, cancellationToken);
        }

        if (!traffic.IsHandedOver(plan.Arms))
        {
            return;
        }

        if (traffic is { Provider: TrafficProvider.GatewayAPI, ModelRoute: { } modelRoute })
        {
            await client.DeleteAsync<V1Alpha1ModelRoute>(modelRoute.Name(), modelRoute.Namespace(), new DeleteOptions(Uid: modelRoute.Uid()), cancellationToken);
        }
        else if (traffic is { Provider: TrafficProvider.Router, HttpRoute: { } httpRoute })
        {
            await httpRoutes.DeleteAsync(deployment, httpRoute, cancellationToken);
        }
    }

    private Task<bool> WriteModelRouteAsync(Observation seen, RolloutPlan plan, CancellationToken cancellationToken)
    {
        var route = ModelRouteBuilder.Build(seen.Deployment, plan.Arms, seen.Revisions);
        return writer.EnsureAsync(caches.Routes, route, r => r.Spec, cancellationToken, isWhole: true);
    }
}
