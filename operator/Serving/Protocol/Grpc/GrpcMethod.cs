namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>Answers a call; what it throws becomes the call's status.</summary>
internal delegate Task GrpcMethod(GrpcCall call);
