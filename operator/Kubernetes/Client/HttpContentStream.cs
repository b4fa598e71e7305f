namespace ModelOperator.Kubernetes.Client;

/// <summary>The body of an answer while it comes; disposing it ends the request.</summary>
public sealed class HttpContentStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;

    private HttpContentStream(HttpResponseMessage response, Stream body)
    {
        _response = response;
        Body = body;
    }

    /// <summary>The bytes.</summary>
    public Stream Body { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        _response.Dispose();
    }

    internal static async Task<HttpContentStream> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(response, await response.Content.ReadAsStreamAsync(cancellationToken));
}
