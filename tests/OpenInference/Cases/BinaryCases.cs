using System.Text.Json.Nodes;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Cases;

/// <summary>The binary tensor data extension: raw bytes behind the JSON.</summary>
internal static class BinaryCases
{
    public const string Extension = "binary_tensor_data";
    private const string Request = "extension_binary_data.md, Binary Tensor Request";
    private const string Response = "extension_binary_data.md, Binary Tensor Response";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("binary.in", Request, "Raw inputs mean the same as inputs in JSON.", async (subject, token) =>
        {
            var answer = await AskAsync(subject, raw: true, null, token);
            Expect.True(!answer.Binary.Contains(true), "outputs came raw though nobody asked for that");
            Expect.SameTensors(answer.Outputs, (await subject.ReferenceAsync(token)).Outputs);
        }),
        new("binary.out", Request, "An output with binary_data: true comes raw, also when the inputs are JSON.", async (subject, token) =>
        {
            var answer = await AskAsync(subject, raw: false, request => request["outputs"] = Outputs(subject, _ => true), token);
            Expect.True(!answer.Binary.Contains(false), "an output came in JSON");
            Expect.SameTensors(answer.Outputs, (await subject.ReferenceAsync(token)).Outputs);
        }),
        new("binary.both", Request, "Inputs and outputs may both be raw.", async (subject, token) =>
        {
            var answer = await AskAsync(subject, raw: true, request => request["outputs"] = Outputs(subject, _ => true), token);
            Expect.True(!answer.Binary.Contains(false), "an output came in JSON");
            Expect.SameTensors(answer.Outputs, (await subject.ReferenceAsync(token)).Outputs);
        }),
        new("binary.explicit-json", Request, "An output with binary_data: false comes in JSON.", async (subject, token) =>
        {
            var answer = await AskAsync(subject, raw: true, request => request["outputs"] = Outputs(subject, _ => false), token);
            Expect.True(!answer.Binary.Contains(true), "an output came raw");
        }),
        new("binary.default", Request, "binary_data_output: true makes all outputs raw that say nothing themselves.", async (subject, token) =>
        {
            var answer = await AskAsync(subject, raw: true, AllBinary, token);
            Expect.True(!answer.Binary.Contains(false), "an output came in JSON");
            Expect.SameTensors(answer.Outputs, (await subject.ReferenceAsync(token)).Outputs);
        }),
        new("binary.default-named", Request, "binary_data_output: true also holds for outputs that are named without binary_data.", async (subject, token) =>
        {
            var answer = await AskAsync(subject, raw: false, request =>
            {
                AllBinary(request);
                request["outputs"] = Requests.Outputs(subject.Model.Outputs.Select(output => output.Name));
            }, token);
            Expect.True(!answer.Binary.Contains(false), "an output came in JSON");
        }),
        new("binary.override", Request, "An output's own binary_data: false wins over binary_data_output: true.", async (subject, token) =>
        {
            var answer = await AskAsync(subject, raw: false, request =>
            {
                AllBinary(request);
                request["outputs"] = Outputs(subject, i => i > 0);
            }, token);
            foreach (var (output, binary) in answer.Outputs.Zip(answer.Binary))
            {
                Expect.Equal(binary, output.Name != subject.Model.Outputs[0].Name, $"whether output '{output.Name}' came raw");
            }
            Expect.SameTensors(answer.Outputs, (await subject.ReferenceAsync(token)).Outputs);
        }),
        new("binary.mixed-inputs", Request, "Some inputs may be raw and others in JSON.", async (subject, token) =>
        {
            if (subject.Model.Inputs.Length < 2)
            {
                throw new NotApplicableException("the model has one input");
            }
            Require(subject);
            var inputs = subject.Zeros();
            var request = Requests.Request(inputs.Select((input, i) => i == 0 ? TensorJson.Input(input) : TensorJson.BinaryInput(input)));
            var answer = InferAnswer.Of(await subject.Rest.PostBinaryAsync(
                subject.InferPath(), request, [.. inputs.Skip(1).SelectMany(input => input.Data)], null, token));
            Expect.SameTensors(answer.Outputs, (await subject.ReferenceAsync(token)).Outputs);
        }),
        new("binary.header", Response, "An answer with raw outputs tells the length of its JSON in Inference-Header-Content-Length.", async (subject, token) =>
        {
            var answer = await RawAnswerAsync(subject, token);
            Expect.True(answer.JsonLength is not null, "the header is missing");
        }),
        new("binary.content-type", Response, "An answer with raw outputs is application/octet-stream by its content type.", async (subject, token) =>
            Expect.Equal((await RawAnswerAsync(subject, token)).ContentType, "application/octet-stream", "the content type")),
        new("binary.sizes", Response, "binary_data_size is the number of bytes that the shape and datatype say.", async (subject, token) =>
        {
            foreach (var output in InferAnswer.Of(await RawAnswerAsync(subject, token)).Outputs)
            {
                Expect.Equal(output.Count(), output.Elements, $"the number of elements of output '{output.Name}'");
            }
        }),
        new("binary.id", Response, "An id comes back in an answer with raw outputs too.", async (subject, token) =>
        {
            var answer = await AskAsync(subject, raw: true, request =>
            {
                AllBinary(request);
                request["id"] = "request-43";
            }, token);
            Expect.Equal(answer.Json.TryGetProperty("id", out var id) ? id.GetString() : null, "request-43", "\"id\"");
        }),
    ];

    /// <exception cref="NotApplicableException">The server does not claim the extension.</exception>
    public static void Require(Subject subject)
    {
        subject.RequireExtension(Extension);
        subject.RequireJson();
    }

    public static byte[] Raw(Subject subject) => [.. subject.Zeros().SelectMany(input => input.Data)];

    private static void AllBinary(JsonObject request) => request["parameters"] = new JsonObject { ["binary_data_output"] = true };

    private static JsonArray Outputs(Subject subject, Func<int, bool> binary) =>
    [
        .. subject.Model.Outputs.Select((output, i) => new JsonObject { ["name"] = output.Name, ["parameters"] = new JsonObject { ["binary_data"] = binary(i) } }),
    ];

    private static async Task<InferAnswer> AskAsync(Subject subject, bool raw, Action<JsonObject>? edit, CancellationToken token)
    {
        Require(subject);
        var request = raw ? Requests.Request(subject.Zeros().Select(input => TensorJson.BinaryInput(input))) : subject.Json();
        edit?.Invoke(request);
        return InferAnswer.Of(raw
            ? await subject.Rest.PostBinaryAsync(subject.InferPath(), request, Raw(subject), null, token)
            : await subject.Rest.PostAsync(subject.InferPath(), request, token));
    }

    private static async Task<RestAnswer> RawAnswerAsync(Subject subject, CancellationToken token)
    {
        Require(subject);
        var request = subject.Json();
        AllBinary(request);
        return (await subject.Rest.PostAsync(subject.InferPath(), request, token)).Success();
    }
}
