namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>A request as the fake API server saw it.</summary>
internal sealed record RecordedRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Which connection it came over.</summary>
    public string Connection { get; init; } = "";

    /// <summary><c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The thumbprint of the certificate that the client showed, or null.</summary>
    public string? ClientCertificate { get; init; }
}
