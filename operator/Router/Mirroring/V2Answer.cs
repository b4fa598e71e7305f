using System.Text.Json;

namespace ModelOperator.Router.Mirroring;

/// <summary>
/// Reads inference responses of the open inference protocol, with tensors as JSON or, after the JSON, as bytes (the
/// binary tensor data extension), or as the message of its gRPC service.
/// </summary>
internal static class V2Answer
{
    /// <summary>The outputs; null when the answer is not one of the protocol or breaks its rules.</summary>
    public static IReadOnlyList<V2Tensor>? Read(in Answer answer)
    {
        if (answer.Body is not { IsEmpty: false } body || answer.JsonLength is < 0 || answer.JsonLength > body.Length)
        {
            return null;
        }
        if (answer.GrpcStatus is not null)
        {
            return answer.IsInferMessage ? GrpcV2Answer.Read(body) : null;
        }
        try
        {
            var length = answer.JsonLength ?? body.Length;
            using var json = JsonDocument.Parse(body[..length]);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("outputs", out var outputs)
                || outputs.ValueKind != JsonValueKind.Array)
            {
                return null;
            }
            var binary = body.Span[length..];
            var tensors = new List<V2Tensor>(outputs.GetArrayLength());
            foreach (var output in outputs.EnumerateArray())
            {
                tensors.Add(Tensor(output, ref binary));
            }
            return tensors;
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static V2Tensor Tensor(JsonElement output, ref ReadOnlySpan<byte> binary)
    {
        var name = output.GetProperty("name").GetString() ?? "";
        var type = output.GetProperty("datatype").GetString() ?? "";
        long[] shape = [.. output.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
        if (output.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("binary_data_size", out var size))
        {
            var length = size.GetInt32();
            if (length < 0 || length > binary.Length)
            {
                throw new FormatException("a tensor is longer than the body");
            }
            var bytes = binary[..length];
            binary = binary[length..];
            return type == "BYTES"
                ? new V2Tensor(name, type, shape, null, BinaryTensor.Texts(bytes))
                : new V2Tensor(name, type, shape, BinaryTensor.Numbers(type, bytes), null);
        }

        var data = output.GetProperty("data");
        if (type == "BYTES")
        {
            List<string> texts = [];
            Flatten(data, element => texts.Add(element.GetString() ?? ""));
            return new V2Tensor(name, type, shape, null, [.. texts]);
        }
        List<double> numbers = [];
        Flatten(data, element => numbers.Add(Number(element)));
        return new V2Tensor(name, type, shape, [.. numbers], null);
    }

    // Nested lists are allowed beside flat ones.
    private static void Flatten(JsonElement data, Action<JsonElement> add)
    {
        if (data.ValueKind != JsonValueKind.Array)
        {
            add(data);
            return;
        }
        foreach (var element in data.EnumerateArray())
        {
            Flatten(element, add);
        }
    }

    private static double Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        // JSON has no NaN; servers write null, or a text.
        JsonValueKind.Null or JsonValueKind.String => double.NaN,
        _ => element.GetDouble(),
    };
}
