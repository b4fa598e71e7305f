namespace ModelOperator.Kubernetes.Client;

/// <summary>What a watch is of, and where it starts.</summary>
public sealed record WatchOptions
{
    /// <summary>The only namespace; null: all.</summary>
    public string? NamespaceName { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>The version after which changes are told.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>When the server ends the watch; null: when it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Whether the objects there are come first, as additions, followed by a bookmark with
    /// <see cref="WatchEvent{T}.EndsInitialEvents"/>; then <see cref="ResourceVersion"/> says how old they may be.
    /// </summary>
    public bool SendInitialEvents { get; init; }

    /// <summary>Is told of each event whose object cannot be used, which is then left out; null: such an event fails the watch.</summary>
    public Action<InvalidObject>? OnInvalid { get; init; }
}
