namespace ModelOperator.Kubernetes.Events;

/// <summary>How much an event matters.</summary>
public enum EventType
{
    Normal,
    Warning,
}
