using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>Brings a ModelDeployment's HTTPRoute to what it should be. It is a field manager of its own, so that its share of the object can be seen.</summary>
internal sealed class HttpRouteWriter(IKubernetesClient client, GatewayCaches caches)
{
    public const string FieldManager = ApiGroup.FieldManager + "-traffic";

    /// <summary>Creates the route or applies what has drifted.</summary>
    /// <exception cref="ForeignObjectException">There is one of that name that is somebody else's.</exception>
    /// <exception cref="TrafficBlockedException">The API server does not take it as it is.</exception>
    public async Task EnsureAsync(V1Alpha1ModelDeployment deployment, IReadOnlyList<RouteArm> arms, CancellationToken cancellationToken)
    {
        try
        {
            var live = caches.RouteOf(deployment) ?? await client.GetAsync<V1HttpRoute>(deployment.Name(), deployment.Namespace(), cancellationToken);
            var wanted = HttpRouteBuilder.Build(deployment, arms, live);
            if (live is not null)
            {
                ObjectWriter.ThrowIfForeign(live, wanted);
                if (Drift.Same(live.Spec, wanted.Spec) && Drift.Covers(live.Metadata.Labels, wanted.Metadata.Labels))
                {
                    return;
                }
            }

            var written = await client.ApplyAsync(wanted, FieldManager, force: true, cancellationToken);
            if (!HttpRouteReader.Arms(written).SequenceEqual(HttpRouteReader.Arms(wanted)))
            {
                throw new TrafficBlockedException(
                    "RouteChanged",
                    $"the API server did not keep HTTPRoute {deployment.Key()} as it was written: the installed Gateway API is too old for a field of it, or a webhook changes it");
            }
        }
        catch (KubernetesException refusal) when (refusal.IsForbidden || refusal.IsInvalid || refusal.IsNotFound)
        {
            throw Blocked(deployment, refusal, "written");
        }
    }

    /// <summary>Deletes the route, if it is still the one that was seen.</summary>
    /// <exception cref="TrafficBlockedException">The operator may not.</exception>
    public async Task DeleteAsync(V1Alpha1ModelDeployment deployment, V1HttpRoute route, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync<V1HttpRoute>(route.Name(), route.Namespace(), new DeleteOptions(Uid: route.Uid()), cancellationToken);
        }
        catch (KubernetesException refusal) when (refusal.IsForbidden)
        {
            throw Blocked(deployment, refusal, "deleted");
        }
    }

    private static TrafficBlockedException Blocked(V1Alpha1ModelDeployment deployment, KubernetesException refusal, string verb) => refusal switch
    {
        { IsForbidden: true } => new("RouteForbidden", $"HTTPRoute {deployment.Key()} cannot be {verb}, give the operator's ServiceAccount get, create, patch and delete of httproutes.{GatewayGroup.Name}: {refusal.Message}"),
        { IsNotFound: true } => new("GatewayApiMissing", $"HTTPRoute {deployment.Key()} cannot be {verb}, the cluster does not serve its kind: {refusal.Message}"),
        _ => new("RouteInvalid", $"HTTPRoute {deployment.Key()} cannot be {verb}: {refusal.Message}"),
    };
}
