using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Traffic.GatewayApi.Resources;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi;

/// <summary>What the operator knows of the Gateway API, which a cluster need not have.</summary>
internal sealed class GatewayCaches(IInformer<V1HttpRoute> routes, IInformer<V1Gateway> gateways, IInformer<V1GatewayClass> classes)
{
    /// <summary>Follows all objects of a kind, where it is served; Gateways may be in other namespaces than those whose routes they take.</summary>
    public static readonly InformerOptions Everything = new() { IsOptional = true };

    public IInformer<V1HttpRoute> Routes => routes;

    /// <summary>Follows the operator's own routes, in one namespace or, when that is null, in all.</summary>
    public static InformerOptions OwnRoutes(string? namespaceName) =>
        new() { NamespaceName = namespaceName, LabelSelector = ClusterCaches.Owned, IsOptional = true };

    /// <summary>The first kind that cannot be followed, and why; null when all are.</summary>
    public (EntityMetadata Kind, KubernetesException Refusal)? Refused =>
        routes.Refusal is { } first ? (EntityMetadata.For<V1HttpRoute>(), first)
        : gateways.Refusal is { } second ? (EntityMetadata.For<V1Gateway>(), second)
        : classes.Refusal is { } third ? (EntityMetadata.For<V1GatewayClass>(), third)
        : null;

    /// <summary>The route of a ModelDeployment, if it is its own.</summary>
    public V1HttpRoute? RouteOf(V1Alpha1ModelDeployment deployment) =>
        routes.Get(deployment.Name(), deployment.Namespace()) is { } route && route.IsOwnedBy(deployment) ? route : null;

    public V1Gateway? Gateway(string name, string? namespaceName) => gateways.Get(name, namespaceName);

    public V1GatewayClass? ClassOf(V1Gateway gateway) => classes.Get(gateway.Spec.GatewayClassName);

    /// <summary>Who is to answer for a route at a Gateway; null when that is not known.</summary>
    public string? ControllerOf(ParentReference parent, string? routeNamespace) =>
        Gateway(parent.Name, parent.Namespace ?? routeNamespace) is { } gateway ? ClassOf(gateway)?.Spec.ControllerName : null;
}
