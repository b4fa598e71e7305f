namespace ModelOperator.Cli.Logs;

/// <summary>Which part of a log is read.</summary>
internal sealed record LogRange
{
    public string? Container { get; init; }

    /// <summary>Whether to go on with what is written from now on.</summary>
    public bool Follow { get; init; }

    /// <summary>So many of the last lines; null: all.</summary>
    public int? Tail { get; init; }

    /// <summary>Not older than this; null: all.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>At most so many bytes; null: all.</summary>
    public long? MostBytes { get; init; }

    /// <summary>The query of the request.</summary>
    public string Query => string.Join('&', new[]
    {
        Container is null ? null : $"container={Uri.EscapeDataString(Container)}",
        Follow ? "follow=true" : null,
        Tail is { } lines ? $"tailLines={lines}" : null,
        Since is { } age ? $"sinceSeconds={Math.Max(1, (long)age.TotalSeconds)}" : null,
        MostBytes is { } bytes ? $"limitBytes={bytes}" : null,
    }.OfType<string>());
}
