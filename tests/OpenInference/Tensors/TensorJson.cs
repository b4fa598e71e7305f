using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.OpenInference.Suite;

namespace ModelOperator.OpenInference.Tensors;

/// <summary>Tensors in the JSON of requests and answers.</summary>
internal static class TensorJson
{
    /// <summary>The input of a request, its data flat.</summary>
    public static JsonObject Input(Tensor tensor) => Head(tensor, "data", new JsonArray([.. Enumerable.Range(0, (int)tensor.Elements).Select(_ => Zero(tensor.Datatype))]));

    /// <summary>The input of a request, its data nested as its shape.</summary>
    public static JsonObject NestedInput(Tensor tensor) => Head(tensor, "data", Nested(tensor, 0));

    /// <summary>The input of a request whose raw bytes follow.</summary>
    public static JsonObject BinaryInput(Tensor tensor, long? size = null) =>
        Head(tensor, "parameters", new JsonObject { ["binary_data_size"] = size ?? tensor.Data.Length });

    /// <summary>An output's data, flat or nested.</summary>
    /// <exception cref="NonConformanceException">An element is not of its type.</exception>
    public static byte[] Read(string name, string datatype, JsonElement data)
    {
        using var bytes = new MemoryStream();
        Read(name, datatype, data, bytes);
        return bytes.ToArray();
    }

    public static JsonNode Zero(string datatype) => datatype switch
    {
        "BOOL" => JsonValue.Create(false),
        Datatypes.Bytes => JsonValue.Create("0"),
        _ => JsonValue.Create(0),
    };

    private static JsonObject Head(Tensor tensor, string name, JsonNode value) => new()
    {
        ["name"] = tensor.Name,
        ["shape"] = new JsonArray([.. tensor.Shape.Select(dimension => JsonValue.Create(dimension))]),
        ["datatype"] = tensor.Datatype,
        [name] = value,
    };

    private static JsonNode Nested(Tensor tensor, int depth) => depth == tensor.Shape.Length
        ? Zero(tensor.Datatype)
        : new JsonArray([.. Enumerable.Range(0, (int)tensor.Shape[depth]).Select(_ => Nested(tensor, depth + 1))]);

    private static void Read(string name, string datatype, JsonElement element, Stream bytes)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var one in element.EnumerateArray())
            {
                Read(name, datatype, one, bytes);
            }
            return;
        }
        bytes.Write(Element(datatype, element) ?? throw new NonConformanceException($"output '{name}' of {datatype} has the element {element.GetRawText()}"));
    }

    private static byte[]? Element(string datatype, JsonElement element) => (datatype, element.ValueKind) switch
    {
        ("BOOL", JsonValueKind.True or JsonValueKind.False) => [element.GetBoolean() ? (byte)1 : (byte)0],
        (Datatypes.Bytes, JsonValueKind.String) => Prefixed(element.GetString()!),
        ("FP32", _) => Float(element) is { } value ? BitConverter.GetBytes((float)value) : null,
        ("FP64", _) => Float(element) is { } value ? BitConverter.GetBytes(value) : null,
        ("UINT64", JsonValueKind.Number) => element.TryGetUInt64(out var value) ? BitConverter.GetBytes(value) : null,
        (_, JsonValueKind.Number) when Datatypes.IsInteger(datatype) =>
            element.TryGetInt64(out var value) ? BitConverter.GetBytes(value)[..Datatypes.Size(datatype)] : null,
        _ => null,
    };

    // JSON has no such numbers; writers put these in their place.
    private static double? Float(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.Null => double.NaN,
        JsonValueKind.String => element.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => null,
        },
        _ => null,
    };

    private static byte[] Prefixed(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var bytes = new byte[sizeof(uint) + utf8.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)utf8.Length);
        utf8.CopyTo(bytes, sizeof(uint));
        return bytes;
    }
}
