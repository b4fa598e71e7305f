namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Answer of <c>GET /v2</c>.</summary>
internal sealed record ServerMetadata(string Name, string Version, string[] Extensions);
