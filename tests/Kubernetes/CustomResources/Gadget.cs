using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>A kind with two versions and everything that attributes can say.</summary>
[KubernetesEntity(Group = "example.com", ApiVersion = "v2", Kind = "Gadget", PluralName = "gadgets")]
[EntityScope(EntityScope.Cluster)]
[KubernetesEntityShortNames("gd", "gdt")]
[KubernetesEntityCategories("things", "all")]
[StorageVersion]
[ScaleSubresource(".spec.replicas", ".status.replicas", ".status.selector")]
[SelectableField(".spec.color")]
[SelectableField(".spec.replicas")]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date", Description = "How old it is.", Format = "date-time")]
public sealed class Gadget : CustomKubernetesEntity<GadgetSpec, GadgetStatus>;
