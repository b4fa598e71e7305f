using Google.Protobuf;
using ModelOperator.OpenInference.Grpc;
using ModelOperator.OpenInference.Suite;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.OpenInference.Cases;

/// <summary>Calls of ModelInfer that are to be refused. After each of them the server still answers.</summary>
internal static class GrpcErrorCases
{
    private const string Infer = "inference_grpc.md, Inference";
    private const string Raw = "inference_grpc.md, Tensor Data";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Refused("grpc.error.unknown-model", Infer, "Asking an unknown model is an error.", request => request.ModelName = "no-such-model"),
        Refused("grpc.error.unknown-version", Infer, "Asking an unknown version is an error.", request => request.ModelVersion = "no-such-version"),
        Refused("grpc.error.unknown-input", Infer, "An input that the model does not have is refused.", request => request.Inputs[0].Name = "no-such-input"),
        Refused("grpc.error.missing-input", Infer, "A request that lacks an input is refused.", request =>
        {
            request.Inputs.RemoveAt(0);
            request.RawInputContents.RemoveAt(0);
        }),
        Refused("grpc.error.input-twice", Infer, "An input that is given twice is refused.", request =>
        {
            request.Inputs.Add(request.Inputs[0].Clone());
            request.RawInputContents.Add(request.RawInputContents[0]);
        }),
        Refused("grpc.error.unknown-output", Infer, "A request for an output that the model does not have is refused.", request =>
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "no-such-output" })),
        Refused("grpc.error.datatype", Infer, "A datatype other than the model's is refused.", request =>
            request.Inputs[0].Datatype = request.Inputs[0].Datatype == "INT32" ? "FP64" : "INT32"),
        Refused("grpc.error.rank", Infer, "A shape of another rank than the model's is refused.", request => request.Inputs[0].Shape.Add(1)),
        Refused("grpc.error.negative-dimension", Infer, "A dimension below zero is refused.", request => Dimensions(request)[0] = -1),
        Refused("grpc.error.huge", Infer, "A shape with more elements than any memory holds is refused.", request => Dimensions(request)[0] = long.MaxValue / 2),
        Refused("grpc.error.raw-count", Raw, "Raw contents that are not one for each input are refused.", request => request.RawInputContents.Add(ByteString.Empty)),
        Refused("grpc.error.raw-short", Raw, "Raw contents shorter than the shape says are refused.", request =>
            request.RawInputContents[0] = ByteString.CopyFrom(request.RawInputContents[0].Span[..^1])),
        Refused("grpc.error.raw-long", Raw, "Raw contents longer than the shape says are refused.", request =>
            request.RawInputContents[0] = ByteString.CopyFrom([.. request.RawInputContents[0].ToByteArray(), 0])),
        RefusedTyped("grpc.error.both-forms", "Raw contents beside typed ones are refused.", (subject, request) =>
            request.RawInputContents.AddRange(subject.Raw().RawInputContents)),
        RefusedTyped("grpc.error.no-contents", "An input without any contents is refused.", (_, request) => request.Inputs[0].Contents = null),
        RefusedTyped("grpc.error.typed-count", "Typed contents of more elements than the shape says are refused.", (_, request) =>
            request.Inputs[0].Contents = InferTensorContents.Parser.ParseFrom(
                [.. request.Inputs[0].Contents.ToByteArray(), .. request.Inputs[0].Contents.ToByteArray()])),
        RefusedTyped("grpc.error.typed-field", "Typed contents of another datatype's field are refused.", (_, request) =>
        {
            var wrong = new InferTensorContents();
            var elements = (int)request.Inputs[0].Shape.Aggregate(1L, (product, dimension) => product * dimension);
            if (request.Inputs[0].Datatype == "FP64")
            {
                wrong.Fp32Contents.AddRange(new float[elements]);
            }
            else
            {
                wrong.Fp64Contents.AddRange(new double[elements]);
            }
            request.Inputs[0].Contents = wrong;
        }),
        new("grpc.error.not-protobuf", "gRPC, Status Codes", "A message that is no protobuf is an error, and the server goes on.", async (subject, token) =>
        {
            var answer = await subject.RequireGrpc().CallAsync(
                "ModelInfer", GrpcClient.Framed([0xff, 0xff, 0xff, 0xff, 0x0f, 0x01]), ModelInferResponse.Parser, token);
            answer.Error(GrpcStatus.InvalidArgument, GrpcStatus.Internal);
            (await subject.ServerLiveAsync(token)).Success();
        }),
        new("grpc.error.after-errors", "inference_grpc.md, Health", "After all these errors the server lives, is ready and answers.", async (subject, token) =>
        {
            Expect.True((await subject.ServerLiveAsync(token)).Success().Live, "live is false");
            Expect.True((await subject.ServerReadyAsync(token)).Success().Ready, "ready is false");
            await subject.OutputsAsync(subject.Raw(), token);
        }),
    ];

    private static ConformanceCase Refused(string id, string source, string statement, Action<ModelInferRequest> spoil) =>
        new(id, source, statement, async (subject, token) =>
        {
            var request = subject.Raw();
            spoil(request);
            (await subject.ModelInferAsync(request, token)).Error(GrpcStatus.InvalidArgument, GrpcStatus.NotFound, GrpcStatus.OutOfRange);
        });

    private static ConformanceCase RefusedTyped(string id, string statement, Action<Subject, ModelInferRequest> spoil) =>
        new(id, Raw, statement, async (subject, token) =>
        {
            var request = subject.Typed();
            spoil(subject, request);
            (await subject.ModelInferAsync(request, token)).Error(GrpcStatus.InvalidArgument);
        });

    private static Google.Protobuf.Collections.RepeatedField<long> Dimensions(ModelInferRequest request) =>
        request.Inputs[0].Shape.Count > 0 ? request.Inputs[0].Shape : throw new NotApplicableException("the first input is a scalar");
}
