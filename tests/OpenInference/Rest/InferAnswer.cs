using System.Globalization;
using System.Text.Json;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Rest;

/// <summary>A successful inference answer, its raw outputs taken apart.</summary>
/// <param name="Json">The JSON part.</param>
/// <param name="Outputs">In the order of the answer.</param>
/// <param name="Binary">Which of them came as raw bytes.</param>
internal sealed record InferAnswer(JsonElement Json, Tensor[] Outputs, bool[] Binary)
{
    /// <exception cref="NonConformanceException">It is no success, or not formed as the specification says.</exception>
    public static InferAnswer Of(RestAnswer answer)
    {
        answer.Success();
        var length = answer.Body.Length;
        if (answer.JsonLength is { } header)
        {
            Expect.True(
                int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= answer.Body.Length,
                $"{RestClient.JsonLengthHeader} is \"{header}\" for a body of {answer.Body.Length} bytes");
        }
        var json = answer.Json(length);
        Expect.True(json.TryGetProperty("outputs", out var outputs) && outputs.ValueKind == JsonValueKind.Array, "the answer has no array \"outputs\"");
        var (tensors, binary, at) = (new List<Tensor>(), new List<bool>(), length);
        foreach (var output in outputs.EnumerateArray())
        {
            var size = BinarySize(output);
            binary.Add(size is not null);
            tensors.Add(Read(output, answer.Body, at, size));
            at += size ?? 0;
        }
        Expect.Equal(answer.Body.Length, at, "the length of the body");
        return new InferAnswer(json, [.. tensors], [.. binary]);
    }

    private static Tensor Read(JsonElement output, byte[] body, int at, int? size)
    {
        var name = Text(output, "name");
        var datatype = Text(output, "datatype");
        Expect.True(Datatypes.IsKnown(datatype), $"output '{name}' has the datatype {datatype}, which is not in the specification's table");
        Expect.True(output.TryGetProperty("shape", out var shape) && shape.ValueKind == JsonValueKind.Array, $"output '{name}' has no \"shape\"");
        long[] dimensions = [.. shape.EnumerateArray().Select(dimension => dimension.GetInt64())];
        if (size is { } bytes)
        {
            Expect.True(!output.TryGetProperty("data", out _), $"output '{name}' has both \"data\" and \"binary_data_size\"");
            Expect.True(at + bytes <= body.Length, $"the body ends before the {bytes} bytes of output '{name}'");
            return new Tensor(name, datatype, dimensions, body[at..(at + bytes)]);
        }
        Expect.True(output.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array, $"output '{name}' has no array \"data\"");
        return new Tensor(name, datatype, dimensions, TensorJson.Read(name, datatype, data));
    }

    private static string Text(JsonElement output, string name) =>
        output.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new NonConformanceException($"an output has no \"{name}\": {output.GetRawText()}");

    private static int? BinarySize(JsonElement output) =>
        output.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("binary_data_size", out var size) ? size.GetInt32() : null;
}
