namespace ModelOperator.Kubernetes.Informers;

/// <summary>What an informer follows, and how.</summary>
public sealed record InformerOptions
{
    private static readonly TimeSpan LeastWatchTimeout = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _watchTimeout = LeastWatchTimeout;

    /// <summary>The only namespace; null: all.</summary>
    public string? NamespaceName { get; init; }

    /// <summary>The only objects; null: all.</summary>
    public string? LabelSelector { get; init; }

    /// <inheritdoc cref="LabelSelector"/>
    public string? FieldSelector { get; init; }

    /// <summary>
    /// Whether the first objects are asked for as a stream, which costs the server far less memory than a list. A
    /// server that cannot is listed from.
    /// </summary>
    public bool StreamsInitialObjects { get; init; } = true;

    /// <summary>
    /// Whether a cluster can do without the kind. Where it is not served, or may not be listed, the informer counts as synced, tells
    /// why (<see cref="IInformer{T}.Refusal"/>) and asks again every ten seconds; once it is served it is followed, without a restart.
    /// </summary>
    public bool IsOptional { get; init; }

    /// <summary>
    /// How often, give or take a tenth, handlers are told of every stored object again, against their own mistakes;
    /// null: never. The server is not asked.
    /// </summary>
    public TimeSpan? ResyncPeriod { get; init; } = TimeSpan.FromHours(10);

    /// <summary>The server ends a watch after this time at the earliest and twice this time at the latest, at random.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is under five minutes: reconnecting more often is a burden on the server.</exception>
    public TimeSpan WatchTimeout
    {
        get => _watchTimeout;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, LeastWatchTimeout);
            _watchTimeout = value;
        }
    }
}
