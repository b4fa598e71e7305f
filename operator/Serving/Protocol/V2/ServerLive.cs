namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Answer of <c>GET /v2/health/live</c>.</summary>
internal sealed record ServerLive(bool Live);
