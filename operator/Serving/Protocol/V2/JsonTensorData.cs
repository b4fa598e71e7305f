using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>The <c>data</c> of an input: flat, or nested as its shape says, row-major either way.</summary>
internal static class JsonTensorData
{
    private const int MaxShownLength = 40;

    /// <param name="json">At the first token of the data.</param>
    /// <param name="spec">The input.</param>
    /// <param name="elements">As many as there must be.</param>
    /// <param name="tensor">What they are written to.</param>
    public static void Read(ref Utf8JsonReader json, TensorSpec spec, int elements, InputTensor tensor)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw ProtocolException.Invalid($"\"data\" of input '{spec.Name}' must be an array");
        }
        var shape = tensor.Shape;
        Span<long> counts = stackalloc long[Math.Max(shape.Length, 1)];
        counts.Clear();
        var (depth, index, nested) = (0, 0, false);
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartArray:
                    nested |= index == 0 && depth == 0 && counts[0] == 0;
                    if (!nested || depth + 1 >= shape.Length)
                    {
                        throw NotNested(spec, shape);
                    }
                    counts[depth++]++;
                    counts[depth] = 0;
                    break;
                case JsonTokenType.EndArray:
                    if (nested && counts[depth] != shape[depth])
                    {
                        throw NotNested(spec, shape);
                    }
                    if (depth-- == 0)
                    {
                        Complete(spec, shape, elements, index);
                        return;
                    }
                    break;
                default:
                    if (nested && depth != shape.Length - 1)
                    {
                        throw NotNested(spec, shape);
                    }
                    if (index == elements)
                    {
                        throw Count(spec, shape, elements, "more");
                    }
                    Store(ref json, spec, tensor, index++);
                    counts[depth]++;
                    break;
            }
        }
    }

    private static void Complete(TensorSpec spec, long[] shape, int elements, int index)
    {
        if (index != elements)
        {
            throw Count(spec, shape, elements, index.ToString());
        }
    }

    private static void Store(ref Utf8JsonReader json, TensorSpec spec, InputTensor tensor, int index)
    {
        var stored = spec.Type switch
        {
            DataType.Bytes => StoreText(ref json, tensor, index),
            DataType.Bool => json.TokenType is JsonTokenType.True or JsonTokenType.False && Put(tensor, index, json.TokenType == JsonTokenType.True),
            DataType.Fp32 when json.TokenType == JsonTokenType.String => Named(ref json, out var value) && Put(tensor, index, (float)value),
            DataType.Fp64 when json.TokenType == JsonTokenType.String => Named(ref json, out var value) && Put(tensor, index, value),
            _ => json.TokenType == JsonTokenType.Number && StoreNumber(ref json, spec.Type, tensor, index),
        };
        if (!stored)
        {
            throw ProtocolException.Invalid($"element {index} of input '{spec.Name}' is {Shown(ref json)}, expected {spec.Type.Name()}");
        }
    }

    private static bool StoreNumber(ref Utf8JsonReader json, DataType type, InputTensor tensor, int index) => type switch
    {
        DataType.Fp32 => json.TryGetSingle(out var value) && float.IsFinite(value) && Put(tensor, index, value),
        DataType.Fp64 => json.TryGetDouble(out var value) && double.IsFinite(value) && Put(tensor, index, value),
        DataType.Int64 => json.TryGetInt64(out var value) && Put(tensor, index, value),
        DataType.Int32 => json.TryGetInt32(out var value) && Put(tensor, index, value),
        DataType.Int16 => json.TryGetInt16(out var value) && Put(tensor, index, value),
        DataType.Int8 => json.TryGetSByte(out var value) && Put(tensor, index, value),
        DataType.UInt64 => json.TryGetUInt64(out var value) && Put(tensor, index, value),
        DataType.UInt32 => json.TryGetUInt32(out var value) && Put(tensor, index, value),
        DataType.UInt16 => json.TryGetUInt16(out var value) && Put(tensor, index, value),
        DataType.UInt8 => json.TryGetByte(out var value) && Put(tensor, index, value),
        _ => false,
    };

    private static bool Put<T>(InputTensor tensor, int index, T value)
        where T : unmanaged
    {
        Unsafe.WriteUnaligned(ref tensor.Data[index * Unsafe.SizeOf<T>()], value);
        return true;
    }

    // JSON has no such numbers; these strings are what most writers put in their place, ours included.
    private static bool Named(ref Utf8JsonReader json, out double value)
    {
        value = JsonValue.Is(ref json, "NaN"u8) ? double.NaN
            : JsonValue.Is(ref json, "Infinity"u8) ? double.PositiveInfinity
            : JsonValue.Is(ref json, "-Infinity"u8) ? double.NegativeInfinity
            : 0;
        return value != 0;
    }

    private static bool StoreText(ref Utf8JsonReader json, InputTensor tensor, int index)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            return false;
        }
        if (!json.ValueIsEscaped)
        {
            if (!Utf8.IsValid(json.ValueSpan))
            {
                return false;
            }
            tensor.Value.StringTensorSetElementAt(json.ValueSpan, index);
            return true;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            var length = json.CopyString(buffer);
            tensor.Value.StringTensorSetElementAt(buffer.AsSpan(0, length), index);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or no UTF-8.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Shown(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.StartObject)
        {
            return "an object";
        }
        var text = Encoding.UTF8.GetString(json.ValueSpan[..Math.Min(json.ValueSpan.Length, MaxShownLength)]);
        return json.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
    }

    private static ProtocolException NotNested(TensorSpec spec, long[] shape) =>
        ProtocolException.Invalid($"\"data\" of input '{spec.Name}' must be flat or nested as its shape {TensorSpec.Text(shape)}");

    private static ProtocolException Count(TensorSpec spec, long[] shape, int expected, string given) =>
        ProtocolException.Invalid($"\"data\" of input '{spec.Name}' has {given} elements, expected {expected} for shape {TensorSpec.Text(shape)}");
}
