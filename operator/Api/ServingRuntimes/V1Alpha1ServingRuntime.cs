using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.ServingRuntimes;

/// <summary>How models of a format are served.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "ServingRuntime", PluralName = "servingruntimes")]
[KubernetesEntityShortNames("srt")]
[KubernetesEntityCategories("models")]
[EntityScope(EntityScope.Cluster)]
[GenericAdditionalPrinterColumn(".spec.formats", "Formats", "string")]
[GenericAdditionalPrinterColumn(".spec.image", "Image", "string")]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class V1Alpha1ServingRuntime : CustomKubernetesEntity<ServingRuntimeSpec>;
