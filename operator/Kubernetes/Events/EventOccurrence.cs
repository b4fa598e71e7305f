using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Events;

/// <summary>Something that happened, before anything is combined.</summary>
internal sealed record EventOccurrence(V1ObjectReference About, EventType Type, string Reason, string Message, DateTime At);
