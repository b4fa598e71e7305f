namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>Names and values of gRPC over HTTP/2 (PROTOCOL-HTTP2.md of grpc/grpc).</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    /// <summary>A trailer with milliseconds, after which a client with a retry policy tries again.</summary>
    public const string RetryPushback = "grpc-retry-pushback-ms";

    /// <summary>With or without a subtype for the messages, and parameters.</summary>
    public static bool IsGrpc(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var rest = contentType.AsSpan(ContentType.Length);
        return rest.IsEmpty || rest[0] == ';' || rest.StartsWith("+proto", StringComparison.OrdinalIgnoreCase);
    }
}
