namespace ModelOperator.Kubernetes.Client;

/// <summary>What a list is of, and how old it may be.</summary>
public sealed record ListOptions
{
    /// <summary>The only namespace; null: all.</summary>
    public string? NamespaceName { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>
    /// Null: the newest state. <c>0</c>: any state that the server has at hand. A number: a state not older than that.
    /// </summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Objects in one answer; null: all. The pages are joined.</summary>
    public int? PageSize { get; init; } = 500;

    /// <summary>Is told of each object that cannot be used, which is then left out; null: such an object fails the list.</summary>
    public Action<InvalidObject>? OnInvalid { get; init; }
}
