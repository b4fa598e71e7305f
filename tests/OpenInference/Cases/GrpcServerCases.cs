using ModelOperator.OpenInference.Grpc;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.OpenInference.Cases;

/// <summary>Health and metadata over gRPC.</summary>
internal static class GrpcServerCases
{
    private const string Health = "inference_grpc.md, Health";
    private const string Server = "inference_grpc.md, Server Metadata";
    private const string Model = "inference_grpc.md, Model Metadata";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("grpc.health.live", Health, "ServerLive says that the server lives.", async (subject, token) =>
            Expect.True((await subject.ServerLiveAsync(token)).Success().Live, "live is false")),
        new("grpc.health.ready", Health, "ServerReady says that the server is ready.", async (subject, token) =>
            Expect.True((await subject.ServerReadyAsync(token)).Success().Ready, "ready is false")),
        new("grpc.health.model", Health, "ModelReady says that a model that can be asked is ready.", async (subject, token) =>
            Expect.True((await subject.ModelReadyAsync(subject.Model.Name, "", token)).Success().Ready, "ready is false")),
        new("grpc.health.version", Health, "ModelReady says that a listed version is ready.", async (subject, token) =>
            Expect.True((await subject.ModelReadyAsync(subject.Model.Name, subject.RequireVersion(), token)).Success().Ready, "ready is false")),
        new("grpc.health.unknown", Health, "ModelReady does not say that an unknown model is ready.", async (subject, token) =>
            NotReady(await subject.ModelReadyAsync("no-such-model", "", token))),
        new("grpc.health.unknown-version", Health, "ModelReady does not say that an unknown version is ready.", async (subject, token) =>
            NotReady(await subject.ModelReadyAsync(subject.Model.Name, "no-such-version", token))),
        new("grpc.server.metadata", Server, "ServerMetadata tells the server's name and version.", async (subject, token) =>
        {
            var server = (await subject.ServerMetadataAsync(token)).Success();
            Expect.True(server.Name.Length > 0 && server.Version.Length > 0, $"the name is \"{server.Name}\", the version \"{server.Version}\"");
        }),
        new("grpc.model.metadata", Model, "ModelMetadata describe the same inputs and outputs as REST.", async (subject, token) =>
        {
            var model = (await subject.ModelMetadataAsync(subject.Model.Name, "", token)).Success();
            Expect.Equal(model.Name, subject.Model.Name, "name");
            Expect.True(model.Platform.Length > 0, "platform is empty");
            Expect.Equal(Describe(model.Inputs), Describe(subject.Model.Inputs), "what the inputs are described as");
            Expect.Equal(Describe(model.Outputs), Describe(subject.Model.Outputs), "what the outputs are described as");
        }),
        new("grpc.model.version", Model, "ModelMetadata of a listed version list that version.", async (subject, token) =>
        {
            var version = subject.RequireVersion();
            var model = (await subject.ModelMetadataAsync(subject.Model.Name, version, token)).Success();
            Expect.True(model.Versions.Contains(version), $"versions are {string.Join(", ", model.Versions)}");
        }),
        new("grpc.model.unknown", Model, "ModelMetadata of an unknown model are an error.", async (subject, token) =>
            (await subject.ModelMetadataAsync("no-such-model", "", token)).Error(GrpcStatus.NotFound, GrpcStatus.InvalidArgument)),
        new("grpc.model.unknown-version", Model, "ModelMetadata of an unknown version are an error.", async (subject, token) =>
            (await subject.ModelMetadataAsync(subject.Model.Name, "no-such-version", token)).Error(GrpcStatus.NotFound, GrpcStatus.InvalidArgument)),
        new("grpc.method.unknown", "gRPC, Status Codes", "A call that does not exist is UNIMPLEMENTED.", async (subject, token) =>
            (await subject.RequireGrpc().CallAsync("NoSuchCall", new ServerLiveRequest(), ServerLiveResponse.Parser, token)).Error(GrpcStatus.Unimplemented)),
    ];

    private static void NotReady(GrpcAnswer<ModelReadyResponse> answer) =>
        Expect.True(answer.Status is GrpcStatus.NotFound or GrpcStatus.InvalidArgument or GrpcStatus.Unavailable || answer is { Status: 0, Message.Ready: false }, "it says ready");

    private static string Describe(IEnumerable<ModelMetadataResponse.Types.TensorMetadata> tensors) =>
        Describe(tensors.Select(tensor => new TensorDescription(tensor.Name, tensor.Datatype, [.. tensor.Shape])));

    private static string Describe(IEnumerable<TensorDescription> tensors) =>
        string.Join("; ", tensors.Select(tensor => $"{tensor.Name} {tensor.Datatype} {Tensor.Text(tensor.Shape)}"));
}
