namespace ModelOperator.Kubernetes.Builder;

/// <summary>A controller as it was registered.</summary>
internal sealed record ControllerRegistration(Type Entity, Type Implementation);
