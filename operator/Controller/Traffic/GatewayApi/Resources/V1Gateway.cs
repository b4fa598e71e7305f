using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Traffic.GatewayApi.Resources;

/// <summary>Where requests come in. Only what the operator reads of it.</summary>
[KubernetesEntity(Group = GatewayGroup.Name, ApiVersion = GatewayGroup.Version, Kind = GatewayGroup.Gateway, PluralName = "gateways")]
internal sealed class V1Gateway : CustomKubernetesEntity<GatewaySpec, GatewayStatus>;
