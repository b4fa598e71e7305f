using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Events;

/// <summary>
/// Tells of transitions: each exactly once, in order, also when the process is killed between any two writes and another goes on.
/// <para>
/// How: the caller publishes before it writes down (in status) that the transition has happened. One who dies in between leaves
/// a status from which the successor works out the same transition and publishes it again; the event's name is computed from
/// the transition, so the API server refuses the second one. Waiting for each write keeps the order. Hence nothing here
/// is queued, combined or left out, and a failure is the caller's, whose retry it is. Transitions cannot flood: each
/// comes with a write of status. What can, goes to <see cref="IEventRecorder"/>.
/// </para>
/// </summary>
public interface IEventPublisher
{
    /// <summary>
    /// Writes an event. <paramref name="transition"/> identifies what happened: publishing the same transition of
    /// the same object again, also from another process, writes nothing. Throws when the API cannot be reached.
    /// </summary>
    Task PublishAsync(
        IKubernetesObject<V1ObjectMeta> about, EventType type, string reason, string message, string transition, CancellationToken cancellationToken);
}
