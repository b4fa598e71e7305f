using Google.Protobuf;
using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Protocol.Grpc.Messages;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary><c>inference.GRPCInferenceService</c>.</summary>
internal sealed class InferenceService(ServingSettings settings, ModelSlot slot, GrpcInferHandler infer, ModelRepository repository)
{
    public const string Name = "inference.GRPCInferenceService";

    private readonly ModelIdentity _model = settings.Model;

    public IEnumerable<KeyValuePair<string, GrpcMethod>> Methods =>
    [
        new($"/{Name}/ModelInfer", infer.HandleAsync),
        Call("ServerLive", ServerLiveRequest.Parser, _ => new ServerLiveResponse { Live = true }),
        Call("ServerReady", ServerReadyRequest.Parser, _ => new ServerReadyResponse { Ready = slot.Problem is null }),
        Call("ModelReady", ModelReadyRequest.Parser, ModelReady),
        Call("ServerMetadata", ServerMetadataRequest.Parser, _ => ServerMetadata()),
        Call("ModelMetadata", ModelMetadataRequest.Parser, ModelMetadata),
        Call("RepositoryIndex", RepositoryIndexRequest.Parser, RepositoryIndex),
        new($"/{Name}/RepositoryModelLoad", Unary.Of(RepositoryModelLoadRequest.Parser, LoadAsync)),
        Call("RepositoryModelUnload", RepositoryModelUnloadRequest.Parser, Unload),
    ];

    private static KeyValuePair<string, GrpcMethod> Call<TRequest, TResponse>(
        string method, MessageParser<TRequest> parser, Func<TRequest, TResponse> answer)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> => new($"/{Name}/{method}", Unary.Of(parser, answer));

    private ModelReadyResponse ModelReady(ModelReadyRequest request)
    {
        Served.Check(_model, request.Name, request.Version);
        return new ModelReadyResponse { Ready = slot.Problem is null };
    }

    private RepositoryIndexResponse RepositoryIndex(RepositoryIndexRequest request) => new()
    {
        Models =
        {
            repository.Index(request.Ready).Select(entry => new RepositoryIndexResponse.Types.ModelIndex
            {
                Name = entry.Name,
                Version = entry.Version,
                State = entry.State,
                Reason = entry.Reason,
            }),
        },
    };

    private async ValueTask<RepositoryModelLoadResponse> LoadAsync(RepositoryModelLoadRequest request, CancellationToken cancellationToken)
    {
        await repository.LoadAsync(request.ModelName, request.Parameters.Count > 0, cancellationToken);
        return new RepositoryModelLoadResponse();
    }

    private RepositoryModelUnloadResponse Unload(RepositoryModelUnloadRequest request)
    {
        repository.Unload(request.ModelName);
        return new RepositoryModelUnloadResponse();
    }

    private ServerMetadataResponse ServerMetadata() => new()
    {
        Name = Served.ServerName,
        Version = Served.ServerVersion,
        Extensions = { Served.Extensions(settings) },
    };

    private ModelMetadataResponse ModelMetadata(ModelMetadataRequest request)
    {
        Served.Check(_model, request.Name, request.Version);
        var signature = Served.Signature(_model, slot);
        return new ModelMetadataResponse
        {
            Name = _model.Name,
            Versions = { _model.Version },
            Platform = Served.Platform,
            Inputs = { signature.Inputs.Select(Describe) },
            Outputs = { signature.Outputs.Select(Describe) },
        };
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorSpec tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Type.Name(), Shape = { tensor.Shape } };
}
