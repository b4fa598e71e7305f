using Google.Protobuf;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Protocol.Grpc.Messages;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary><c>inference.GRPCInferenceService</c>.</summary>
internal sealed class InferenceService(ModelIdentity model, ModelSlot slot, GrpcInferHandler infer)
{
    public const string Name = "inference.GRPCInferenceService";

    public IEnumerable<KeyValuePair<string, GrpcMethod>> Methods =>
    [
        new($"/{Name}/ModelInfer", infer.HandleAsync),
        Call("ServerLive", ServerLiveRequest.Parser, _ => new ServerLiveResponse { Live = true }),
        Call("ServerReady", ServerReadyRequest.Parser, _ => new ServerReadyResponse { Ready = slot.Problem is null }),
        Call("ModelReady", ModelReadyRequest.Parser, ModelReady),
        Call("ServerMetadata", ServerMetadataRequest.Parser, _ => ServerMetadata()),
        Call("ModelMetadata", ModelMetadataRequest.Parser, ModelMetadata),
    ];

    private static KeyValuePair<string, GrpcMethod> Call<TRequest, TResponse>(
        string method, MessageParser<TRequest> parser, Func<TRequest, TResponse> answer)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> => new($"/{Name}/{method}", Unary.Of(parser, answer));

    private ModelReadyResponse ModelReady(ModelReadyRequest request)
    {
        Served.Check(model, request.Name, request.Version);
        return new ModelReadyResponse { Ready = slot.Problem is null };
    }

    private static ServerMetadataResponse ServerMetadata() => new()
    {
        Name = Served.ServerName,
        Version = Served.ServerVersion,
        Extensions = { Served.Extensions },
    };

    private ModelMetadataResponse ModelMetadata(ModelMetadataRequest request)
    {
        Served.Check(model, request.Name, request.Version);
        var signature = Served.Engine(model, slot).Signature;
        return new ModelMetadataResponse
        {
            Name = model.Name,
            Versions = { model.Version },
            Platform = Served.Platform,
            Inputs = { signature.Inputs.Select(Describe) },
            Outputs = { signature.Outputs.Select(Describe) },
        };
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorSpec tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Type.Name(), Shape = { tensor.Shape } };
}
