namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Answer of <c>GET /v2/models/{model}/ready</c>.</summary>
internal sealed record ModelReady(string Name, bool Ready);
