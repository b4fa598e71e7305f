namespace ModelOperator.Kubernetes.Client;

/// <summary>Whose place the client takes; its own credentials must be allowed to.</summary>
/// <param name="UserName">The user.</param>
public sealed record Impersonation(string UserName)
{
    /// <summary>The user's UID; null: none.</summary>
    public string? Uid { get; init; }

    /// <summary>The groups; none: the user's own. More than one cannot be sent.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What the authenticator knows of the user besides, a value for each key. More than one of a key cannot be sent.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>
    /// What of it cannot be sent, under its name in a kubeconfig; null: nothing. The server wants a header line for each
    /// value, and .NET's HTTP client joins values with commas, which would name a group that is not meant.
    /// </summary>
    internal string? Unsendable =>
        Groups.Count > 1 ? "as-groups" : Extra.Values.Any(values => values.Count > 1) ? "as-user-extra" : null;
}
