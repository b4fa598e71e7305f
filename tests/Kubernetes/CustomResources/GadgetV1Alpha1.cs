using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>The version before that.</summary>
[KubernetesEntity(Group = "example.com", ApiVersion = "v1alpha1", Kind = "Gadget", PluralName = "gadgets")]
[EntityScope(EntityScope.Cluster)]
[DeprecatedVersion]
[UnservedVersion]
public sealed class GadgetV1Alpha1 : CustomKubernetesEntity<GadgetSpec, GadgetStatus>;
