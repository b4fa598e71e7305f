namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Answer of <c>GET /v2/health/ready</c>.</summary>
internal sealed record ServerReady(bool Ready);
