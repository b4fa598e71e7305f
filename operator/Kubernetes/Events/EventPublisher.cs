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
    // Limits of the API.
    private const int MaxMessageLength = 1024;
    private const int MaxReasonLength = 128;
    private const int MaxNameLength = 253;

    /// <inheritdoc/>
    public async Task PublishAsync(
        IKubernetesObject<V1ObjectMeta> about, EventType type, string reason, string message, string transition, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow().UtcDateTime;
        var time = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        var report = new Corev1Event
        {
            Metadata = new V1ObjectMeta
            {
                Name = NameOf(about, reason, transition),
                // Events about cluster-wide objects live in the default namespace; the API asks for it.
                NamespaceProperty = about.Namespace() ?? "default",
            },
            InvolvedObject = about.CreateObjectReference(),
            Type = type.ToString(),
            Reason = Truncate(reason, MaxReasonLength),
            Message = Truncate(message, MaxMessageLength),
            FirstTimestamp = time,
            LastTimestamp = time,
            Count = 1,
            Source = new V1EventSource { Component = component },
            ReportingComponent = component,
            ReportingInstance = Environment.MachineName,
        };
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
        var suffix = $".{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
        return Truncate(about.Name(), MaxNameLength - suffix.Length).TrimEnd('.', '-') + suffix;
    }

    private static string Truncate(string text, int length) => text.Length <= length ? text : text[..length];
}
