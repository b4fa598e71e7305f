using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Events;

/// <summary>
/// Tells of things that happen again and again, such as a failing attempt. Best effort, never in the way: what is alike is
/// combined, what is too much is left out, and nobody waits for the API. Not for what must be told exactly once and in order:
/// that is <see cref="IEventPublisher"/>.
/// </summary>
public interface IEventRecorder
{
    /// <summary>Tells of an occurrence, some time soon. Never blocks and never fails.</summary>
    void Record(IKubernetesObject<V1ObjectMeta> about, EventType type, string reason, string message);
}
