namespace ModelOperator.Kubernetes.Builder;

/// <summary>A finalizer as it was registered.</summary>
internal sealed record FinalizerRegistration(Type Entity, Type Implementation, string Identifier);
