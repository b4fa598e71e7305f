using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>A model in production: what to serve, how many pods, and how a new version takes over.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "ModelDeployment", PluralName = "modeldeployments")]
[KubernetesEntityShortNames("mdep")]
[KubernetesEntityCategories("models")]
[ScaleSubresource(".spec.replicas", ".status.replicas", ".status.selector")]
[GenericAdditionalPrinterColumn(".status.phase", "Phase", "string")]
[GenericAdditionalPrinterColumn(".status.step", "Step", "string")]
[GenericAdditionalPrinterColumn(".status.candidate.weight", "Weight", "integer", Description = "Percent of the requests that the candidate gets")]
[GenericAdditionalPrinterColumn(".status.stable.version", "Stable", "string")]
[GenericAdditionalPrinterColumn(".status.candidate.version", "Candidate", "string")]
[GenericAdditionalPrinterColumn(".status.readyReplicas", "Ready", "integer")]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
[GenericAdditionalPrinterColumn(".status.message", "Message", "string", Priority = 1)]
[GenericAdditionalPrinterColumn(".status.nextAt", "Next", "string", Priority = 1)]
[GenericAdditionalPrinterColumn(".status.url", "Url", "string", Priority = 1)]
public sealed class V1Alpha1ModelDeployment : CustomKubernetesEntity<ModelDeploymentSpec, ModelDeploymentStatus>;
