using ModelOperator.OpenInference.Grpc;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.OpenInference.Cases;

/// <summary>Calls of ModelInfer that are to be answered.</summary>
internal static class GrpcInferenceCases
{
    private const string Infer = "inference_grpc.md, Inference";
    private const string Raw = "inference_grpc.md, Tensor Data";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("grpc.infer.typed", Raw, "Inputs may have typed contents.", async (subject, token) =>
            await subject.OutputsAsync(subject.Typed(), token)),
        new("grpc.infer.raw", Raw, "Inputs may have raw contents, and mean the same as typed ones.", async (subject, token) =>
        {
            var typed = await subject.OutputsAsync(subject.Typed(), token);
            Expect.SameTensors(await subject.OutputsAsync(subject.Raw(), token), typed);
        }),
        new("grpc.infer.one-form", Raw, "The outputs are all raw or all typed.", async (subject, token) =>
            (await subject.ModelInferAsync(subject.Raw(), token)).Success().Outputs()),
        new("grpc.infer.version", Infer, "A listed version can be asked.", async (subject, token) =>
        {
            var request = subject.Raw();
            request.ModelVersion = subject.RequireVersion();
            await subject.OutputsAsync(request, token);
        }),
        new("grpc.infer.model-name", Infer, "The answer has the model's name.", async (subject, token) =>
            Expect.Equal((await subject.ModelInferAsync(subject.Raw(), token)).Success().ModelName, subject.Model.Name, "model_name")),
        new("grpc.infer.id", Infer, "The request's id comes back in the answer.", async (subject, token) =>
        {
            var request = subject.Raw();
            request.Id = "call-42 żółć";
            Expect.Equal((await subject.ModelInferAsync(request, token)).Success().Id, "call-42 żółć", "id");
        }),
        new("grpc.infer.no-id", Infer, "The answer has no id when the request had none.", async (subject, token) =>
            Expect.Equal((await subject.ModelInferAsync(subject.Raw(), token)).Success().Id, "", "id")),
        new("grpc.infer.all-outputs", Infer, "A request that names no outputs is answered with all of them.", async (subject, token) =>
            Expect.Equal((await subject.OutputsAsync(subject.Raw(), token)).Length, subject.Model.Outputs.Length, "the number of outputs")),
        new("grpc.infer.named-output", Infer, "A request that names an output is answered with that one only.", async (subject, token) =>
        {
            var request = subject.Raw();
            var name = subject.Model.Outputs[^1].Name;
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = name });
            Expect.Equal(string.Join(", ", (await subject.OutputsAsync(request, token)).Select(output => output.Name)), name, "the list of outputs");
        }),
        new("grpc.infer.outputs", Infer, "Each output has the datatype of the metadata, a shape that they allow, and as many elements as that says.", async (subject, token) =>
        {
            foreach (var output in await subject.OutputsAsync(subject.Raw(), token))
            {
                var described = subject.Model.Outputs.FirstOrDefault(one => one.Name == output.Name)
                    ?? throw new NonConformanceException($"output '{output.Name}' is not in the metadata");
                Expect.Equal(output.Datatype, described.Datatype, $"the datatype of output '{output.Name}'");
                Expect.True(described.Fits(output.Shape), $"output '{output.Name}' has the shape {Tensor.Text(output.Shape)}");
                Expect.Equal(output.Count(), output.Elements, $"the number of elements of output '{output.Name}'");
            }
        }),
        new("grpc.infer.input-order", Infer, "Inputs go by their names: their order does not matter, and raw contents follow it.", async (subject, token) =>
        {
            if (subject.Model.Inputs.Length < 2)
            {
                throw new NotApplicableException("the model has one input");
            }
            var expected = await subject.OutputsAsync(subject.Raw(), token);
            var reversed = subject.Raw();
            var (inputs, raw) = (reversed.Inputs.Reverse().ToList(), reversed.RawInputContents.Reverse().ToList());
            reversed.Inputs.Clear();
            reversed.Inputs.AddRange(inputs);
            reversed.RawInputContents.Clear();
            reversed.RawInputContents.AddRange(raw);
            Expect.SameTensors(await subject.OutputsAsync(reversed, token), expected);
        }),
    ];
}
