using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

/// <summary>Where requests that come through Gateways go. Only what the operator writes or reads of it.</summary>
[KubernetesEntity(Group = GatewayGroup.Name, ApiVersion = GatewayGroup.Version, Kind = "HTTPRoute", PluralName = "httproutes")]
internal sealed class V1HttpRoute : CustomKubernetesEntity<HttpRouteSpec, HttpRouteStatus>;
