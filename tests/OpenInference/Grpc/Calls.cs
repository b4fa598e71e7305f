using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.OpenInference.Grpc;

/// <summary>The six calls.</summary>
internal static class Calls
{
    public static Task<GrpcAnswer<ServerLiveResponse>> ServerLiveAsync(this Subject subject, CancellationToken token) =>
        subject.RequireGrpc().CallAsync("ServerLive", new ServerLiveRequest(), ServerLiveResponse.Parser, token);

    public static Task<GrpcAnswer<ServerReadyResponse>> ServerReadyAsync(this Subject subject, CancellationToken token) =>
        subject.RequireGrpc().CallAsync("ServerReady", new ServerReadyRequest(), ServerReadyResponse.Parser, token);

    public static Task<GrpcAnswer<ModelReadyResponse>> ModelReadyAsync(this Subject subject, string model, string version, CancellationToken token) =>
        subject.RequireGrpc().CallAsync("ModelReady", new ModelReadyRequest { Name = model, Version = version }, ModelReadyResponse.Parser, token);

    public static Task<GrpcAnswer<ServerMetadataResponse>> ServerMetadataAsync(this Subject subject, CancellationToken token) =>
        subject.RequireGrpc().CallAsync("ServerMetadata", new ServerMetadataRequest(), ServerMetadataResponse.Parser, token);

    public static Task<GrpcAnswer<ModelMetadataResponse>> ModelMetadataAsync(this Subject subject, string model, string version, CancellationToken token) =>
        subject.RequireGrpc().CallAsync("ModelMetadata", new ModelMetadataRequest { Name = model, Version = version }, ModelMetadataResponse.Parser, token);

    public static Task<GrpcAnswer<ModelInferResponse>> ModelInferAsync(this Subject subject, ModelInferRequest request, CancellationToken token) =>
        subject.RequireGrpc().CallAsync("ModelInfer", request, ModelInferResponse.Parser, token);

    /// <summary>What the model answers to this request, which must succeed.</summary>
    public static async Task<Tensor[]> OutputsAsync(this Subject subject, ModelInferRequest request, CancellationToken token) =>
        (await subject.ModelInferAsync(request, token)).Success().Outputs();
}
