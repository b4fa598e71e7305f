using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.Events;

/// <summary>Keeps what was recorded.</summary>
internal sealed class RecordedEvents : IEventRecorder
{
    /// <summary>For example <c>Warning Reason name: text</c>.</summary>
    public List<string> Texts { get; } = [];

    public void Record(IKubernetesObject<V1ObjectMeta> about, EventType type, string reason, string message) =>
        Texts.Add($"{type} {reason} {about.Name()}: {message}");
}
