namespace ModelOperator.Kubernetes.Client;

/// <summary>Whose place the client takes; its own credentials must be allowed to.</summary>
/// <param name="UserName">The user.</param>
public sealed record Impersonation(string UserName)
{
    /// <summary>The user's UID; null: none.</summary>
    public string? Uid { get; init; }

    /// <summary>The groups; none: the user's own.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What the authenticator knows of the user besides, several values for each key.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
