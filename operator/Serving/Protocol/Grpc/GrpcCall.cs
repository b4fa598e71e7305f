namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>One call while it is answered.</summary>
/// <param name="Http">The stream that it came by.</param>
/// <param name="Timeout">How long its caller waits, from its first byte on.</param>
/// <param name="Left">Cancelled when the caller reset the stream, or when its deadline passed.</param>
internal readonly record struct GrpcCall(HttpContext Http, TimeSpan Timeout, CancellationToken Left);
