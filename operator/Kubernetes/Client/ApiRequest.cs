namespace ModelOperator.Kubernetes.Client;

/// <summary>A request as it is asked for; each attempt makes a message of it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="PathAndQuery">Below the server's address.</param>
/// <param name="Accept">The media types that the answer may have.</param>
/// <param name="Body">What is sent, or null.</param>
internal sealed record ApiRequest(HttpMethod Method, string PathAndQuery, string Accept, RequestBody? Body = null)
{
    /// <summary>Whether the answer has no end of its own, as a watch; its reader starts it again when it breaks.</summary>
    public bool IsStream { get; init; }

    /// <summary>What messages tell of it.</summary>
    public string Path => PathAndQuery.Split('?')[0];
}
