using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>A thing
/// made for <c>tests</c>.</summary>
[KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
[KubernetesEntityShortNames("wd")]
[ScaleSubresource(".spec.count", ".status.count")]
[GenericAdditionalPrinterColumn(".spec.count", "Count", "integer", Priority = 1)]
public sealed class Widget : CustomKubernetesEntity<WidgetSpec, WidgetStatus>;
