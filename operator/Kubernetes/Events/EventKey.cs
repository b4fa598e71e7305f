namespace ModelOperator.Kubernetes.Events;

/// <summary>What makes two occurrences the same event.</summary>
/// <param name="Object">Kind, namespace, name and UID of the object.</param>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">The word for machines.</param>
/// <param name="Message">The text; null stands for all that are alike but for it.</param>
internal readonly record struct EventKey(string Object, EventType Type, string Reason, string? Message)
{
    public static EventKey Of(EventOccurrence occurrence) => new(
        string.Join('/', occurrence.About.Kind, occurrence.About.NamespaceProperty, occurrence.About.Name, occurrence.About.Uid, occurrence.About.ApiVersion),
        occurrence.Type,
        occurrence.Reason,
        occurrence.Message);
}
