namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Answer of <c>GET /v2/models/{model}</c>.</summary>
internal sealed record ModelMetadata(string Name, string[] Versions, string Platform, TensorMetadata[] Inputs, TensorMetadata[] Outputs);
