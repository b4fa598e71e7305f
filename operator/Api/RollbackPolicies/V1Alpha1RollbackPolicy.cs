using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.RollbackPolicies;

/// <summary>A judgement from Prometheus that ModelDeployments can share.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = "RollbackPolicy", PluralName = "rollbackpolicies")]
[KubernetesEntityShortNames("rbp")]
[KubernetesEntityCategories("models")]
[GenericAdditionalPrinterColumn(".spec.interval", "Interval", "string")]
[GenericAdditionalPrinterColumn(".spec.metrics[*].name", "Metrics", "string")]
[GenericAdditionalPrinterColumn(".spec.dryRun", "Dry-Run", "boolean")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Ready\")].status", "Ready", "string")]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class V1Alpha1RollbackPolicy : CustomKubernetesEntity<RollbackPolicySpec, RollbackPolicyStatus>;
