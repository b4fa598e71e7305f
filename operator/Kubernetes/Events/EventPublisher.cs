using System.Security.Cryptography;
using System.Text;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Events;

/// <summary>
/// Writes core/v1 events, which every tool reads. The name of an event is computed from the object's UID and the
/// transition, so the API server itself refuses the second one.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="component">Who reports, for example <c>modeloperator</c>.</param>
/// <param name="timeProvider">The clock of the events.</param>
public sealed class EventPublisher(IKubernetesClient client, string component, TimeProvider timeProvider) : IEventPublisher
{
    /// <inheritdoc/>
    public async Task PublishAsync(
        IKubernetesObject<V1ObjectMeta> about, EventType type, string reason, string message, string transition, CancellationToken cancellationToken)
    {
        var report = EventFactory.Create(
            NameOf(about, reason, transition), about.CreateObjectReference(), type, reason, message, component, timeProvider.GetUtcNow().UtcDateTime);
        try
        {
            await client.CreateAsync(report, component, cancellationToken);
        }
        catch (KubernetesException refusal) when (refusal.IsAlreadyExists)
        {
            // Told before, perhaps by a process that died right after.
        }
    }

    internal static string NameOf(IKubernetesObject<V1ObjectMeta> about, string reason, string transition)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Uid()}\0{reason}\0{transition}"));
        return EventFactory.Name(about.Name(), Convert.ToHexStringLower(hash.AsSpan(0, 8)));
    }
}
