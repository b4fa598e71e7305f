using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Events;

/// <summary>Writes Kubernetes events about an object.</summary>
public interface IEventPublisher
{
    /// <summary>
    /// Writes an event. <paramref name="transition"/> identifies what happened: publishing the same transition of
    /// the same object again, also from another process, writes nothing. Throws when the API cannot be reached.
    /// </summary>
    Task PublishAsync(
        IKubernetesObject<V1ObjectMeta> about, EventType type, string reason, string message, string transition, CancellationToken cancellationToken);
}
