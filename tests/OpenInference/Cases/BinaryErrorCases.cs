using System.Text.Json.Nodes;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Cases;

/// <summary>Raw bytes and lengths that do not fit each other. After each of them the server still answers.</summary>
internal static class BinaryErrorCases
{
    private const string Source = "extension_binary_data.md, Binary Tensor Request";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Refused("binary.error.header-too-large", "A JSON length beyond the body is refused.", header: "1000000"),
        Refused("binary.error.header-cuts", "A JSON length that ends within the JSON is refused.", header: "5"),
        Refused("binary.error.header-negative", "A negative JSON length is refused.", header: "-1"),
        Refused("binary.error.header-text", "A JSON length that is no number is refused.", header: "ten"),
        Refused("binary.error.header-huge", "A JSON length that does not fit 32 bits is refused.", header: "99999999999"),
        Refused("binary.error.too-small", "A binary_data_size below what the shape needs is refused.", edit: (inputs, raw) =>
        {
            Size(inputs, raw.Length - 1);
            return raw[..^1];
        }),
        Refused("binary.error.too-large", "A binary_data_size above what the shape needs is refused.", edit: (inputs, raw) =>
        {
            Size(inputs, raw.Length + 1);
            return [.. raw, 0];
        }),
        Refused("binary.error.beyond-body", "A binary_data_size beyond the end of the body is refused.", edit: (inputs, raw) => raw[..^1]),
        Refused("binary.error.left-over", "Bytes after the last input are refused.", edit: (_, raw) => [.. raw, 0, 0, 0, 0]),
        Refused("binary.error.negative", "A negative binary_data_size is refused.", edit: (inputs, raw) =>
        {
            Size(inputs, -1);
            return raw;
        }),
        Refused("binary.error.fraction", "A binary_data_size that is no whole number is refused.", edit: (inputs, raw) =>
        {
            inputs[0]!["parameters"]!["binary_data_size"] = 0.5;
            return raw;
        }),
        Refused("binary.error.text", "A binary_data_size that is a text is refused.", edit: (inputs, raw) =>
        {
            inputs[0]!["parameters"]!["binary_data_size"] = "all";
            return raw;
        }),
        new("binary.error.bytes-length", Source, "A BYTES element whose length goes beyond its tensor is refused.", async (subject, token) =>
        {
            BinaryCases.Require(subject);
            if (subject.Model.Inputs.Length != 1 || subject.Model.Inputs[0].Datatype != Datatypes.Bytes)
            {
                throw new NotApplicableException("the model's input is not one BYTES tensor");
            }
            var tensor = subject.Zeros()[0];
            tensor.Data[0] = 200;
            (await subject.Rest.PostBinaryAsync(subject.InferPath(), Requests.Request([TensorJson.BinaryInput(tensor)]), tensor.Data, null, token)).Error();
        }),
    ];

    private static void Size(JsonArray inputs, long size)
    {
        if (inputs.Count != 1)
        {
            throw new NotApplicableException("the model has several inputs, whose bytes would only move");
        }
        inputs[0]!["parameters"]!["binary_data_size"] = size;
    }

    private static ConformanceCase Refused(string id, string statement, string? header = null, Func<JsonArray, byte[], byte[]>? edit = null) =>
        new(id, Source, statement, async (subject, token) =>
        {
            BinaryCases.Require(subject);
            var request = Requests.Request(subject.Zeros().Select(input => TensorJson.BinaryInput(input)));
            var raw = BinaryCases.Raw(subject);
            raw = edit?.Invoke(request["inputs"]!.AsArray(), raw) ?? raw;
            (await subject.Rest.PostBinaryAsync(subject.InferPath(), request, raw, header, token)).Error();
            (await subject.Rest.GetAsync("v2/health/live", token)).Success();
        });
}
