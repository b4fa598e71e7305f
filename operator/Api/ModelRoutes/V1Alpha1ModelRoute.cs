using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.ModelRoutes;

/// <summary>
/// Where the requests of one ModelDeployment of the same name go. Written by the operator, followed by routers,
/// which report the <c>metadata.generation</c> that they serve.
/// </summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "ModelRoute", PluralName = "modelroutes")]
[KubernetesEntityShortNames("mroute")]
[KubernetesEntityCategories("models")]
[GenericAdditionalPrinterColumn(".spec.backends[*].revision", "Revisions", "string")]
[GenericAdditionalPrinterColumn(".spec.backends[*].weight", "Weights", "string")]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class V1Alpha1ModelRoute : CustomKubernetesEntity<ModelRouteSpec>;
