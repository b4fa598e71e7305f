using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Events;

/// <summary>Makes events of the core group, within the limits of the API.</summary>
internal static class EventFactory
{
    private const int MaxMessageLength = 1024;
    private const int MaxReasonLength = 128;
    private const int MaxNameLength = 253;

    /// <summary>An event that happened once, at <paramref name="now"/>.</summary>
    public static Corev1Event Create(
        string name, V1ObjectReference about, EventType type, string reason, string message, string component, DateTime now)
    {
        var time = Timestamp(now);
        return new Corev1Event
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                // Events about cluster-wide objects live in the default namespace; the API asks for it.
                NamespaceProperty = about.NamespaceProperty ?? "default",
            },
            InvolvedObject = about,
            Type = type.ToString(),
            Reason = Truncate(reason, MaxReasonLength),
            Message = Message(message),
            FirstTimestamp = time,
            LastTimestamp = time,
            Count = 1,
            Source = new V1EventSource { Component = component },
            ReportingComponent = component,
            ReportingInstance = Environment.MachineName,
        };
    }

    /// <summary>The object's name, cut as needed, and a suffix.</summary>
    public static string Name(string objectName, string suffix) =>
        $"{Truncate(objectName, MaxNameLength - suffix.Length - 1).TrimEnd('.', '-')}.{suffix}";

    public static string Message(string text) => Truncate(text, MaxMessageLength);

    /// <summary>Times of the core group have whole seconds.</summary>
    public static DateTime Timestamp(DateTime now) => new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);

    private static string Truncate(string text, int length) => text.Length <= length ? text : text[..length];
}
