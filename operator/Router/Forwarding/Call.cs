using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Forwarding;

/// <summary>A caller's request, as all attempts to answer it share it.</summary>
/// <param name="context">The exchange with the caller.</param>
/// <param name="rest">Path and query for the backend, exactly as the caller wrote them.</param>
/// <param name="body">The body.</param>
/// <param name="requestId">Its identity in everybody's logs.</param>
/// <param name="patience">How long the caller waits for an answer to begin.</param>
internal sealed class Call(HttpContext context, ReadOnlyMemory<char> rest, CallerBody body, string requestId, TimeSpan patience)
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public HttpContext Context { get; } = context;

    public CallerBody Body { get; } = body;

    /// <summary>Path and query for the backend, exactly as the caller wrote them.</summary>
    public ReadOnlyMemory<char> Rest { get; } = rest;

    public string RequestId { get; } = requestId;

    public TimeSpan Patience { get; } = patience;

    /// <summary>Whether it is a gRPC call, to be sent to the pods' gRPC port over HTTP/2.</summary>
    public bool IsGrpc { get; } = IsGrpcCall(context.Request);

    /// <summary>Sent so far.</summary>
    public int Attempts { get; set; }

    /// <summary>The revision of the latest attempt.</summary>
    public Backend? LastAsked { get; set; }

    /// <summary>Whether stable answered for a candidate.</summary>
    public bool FailedOver { get; set; }

    /// <summary>Whether a request is a gRPC call: other requests over HTTP/2 are ordinary ones.</summary>
    public static bool IsGrpcCall(HttpRequest request) => HttpProtocol.IsHttp2(request.Protocol) && GrpcStatus.IsGrpc(request.ContentType);

    /// <summary>What is asked of a pod.</summary>
    public Uri UriAt(string address)
    {
        var text = Rest.Span;
        return new Uri(string.Concat(address, text.IsEmpty || text[0] != '/' ? "/" : "", text), AsWritten);
    }
}
