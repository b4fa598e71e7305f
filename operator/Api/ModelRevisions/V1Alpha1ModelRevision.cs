using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.ModelRevisions;

/// <summary>The record of one version of a ModelDeployment. Its spec never changes.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "ModelRevision", PluralName = "modelrevisions")]
[KubernetesEntityShortNames("mrev")]
[KubernetesEntityCategories("models")]
[GenericAdditionalPrinterColumn(".spec.deployment", "Deployment", "string")]
[GenericAdditionalPrinterColumn(".spec.version", "Version", "string")]
[GenericAdditionalPrinterColumn(".status.outcome", "Outcome", "string")]
[GenericAdditionalPrinterColumn(".status.digest", "Digest", "string", Priority = 1)]
[GenericAdditionalPrinterColumn(".status.reason", "Reason", "string", Priority = 1)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class V1Alpha1ModelRevision : CustomKubernetesEntity<ModelRevisionSpec, ModelRevisionStatus>;
