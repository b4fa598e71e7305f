using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

/// <summary>An implementation of Gateways. Only what the operator reads of it.</summary>
[KubernetesEntity(Group = GatewayGroup.Name, ApiVersion = GatewayGroup.Version, Kind = "GatewayClass", PluralName = "gatewayclasses")]
[EntityScope(EntityScope.Cluster)]
internal sealed class V1GatewayClass : CustomKubernetesEntity<GatewayClassSpec, GatewayClassStatus>;
