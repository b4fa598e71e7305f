using System.Buffers;
using System.Text.Json;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>A request of zeros and empty strings, in raw bytes, which every element type has.</summary>
/// <param name="Body">The JSON and, after it, the tensors.</param>
/// <param name="JsonLength">How long the JSON is.</param>
internal sealed record ZeroRequest(byte[] Body, int JsonLength)
{
    /// <param name="signature">What the model takes; dimensions that vary are 1.</param>
    /// <param name="rows">The first dimension, where the model has a batch.</param>
    /// <param name="maxBytes">A longer body is not made.</param>
    public static ZeroRequest? Of(ModelSignature signature, long rows, long maxBytes)
    {
        var json = new ArrayBufferWriter<byte>();
        UInt128 data = 0;
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("parameters"u8);
            writer.WriteBoolean("binary_data_output"u8, true);
            writer.WriteEndObject();
            writer.WriteStartArray("inputs"u8);
            foreach (var input in signature.Inputs)
            {
                var shape = Array.ConvertAll(input.Shape, dimension => Math.Max(dimension, 1));
                if (signature.HasBatch)
                {
                    shape[0] = rows;
                }
                // An element of BYTES is its length: four bytes.
                var size = (UInt128)Math.Max(input.Type.Size(), input.Type == DataType.Bytes ? sizeof(uint) : 1);
                foreach (var dimension in shape)
                {
                    size = UInt128.Min(size, (UInt128)maxBytes + 1) * (UInt128)dimension;
                }
                data += size;
                if (data > (UInt128)maxBytes)
                {
                    return null;
                }
                Write(writer, input, shape, (long)size);
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        if (json.WrittenCount + (long)data > maxBytes)
        {
            return null;
        }
        var body = new byte[json.WrittenCount + (int)data];
        json.WrittenSpan.CopyTo(body);
        return new ZeroRequest(body, json.WrittenCount);
    }

    private static void Write(Utf8JsonWriter writer, TensorSpec input, long[] shape, long size)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, input.NameUtf8);
        writer.WriteString("datatype"u8, input.Type.Name());
        writer.WriteStartArray("shape"u8);
        foreach (var dimension in shape)
        {
            writer.WriteNumberValue(dimension);
        }
        writer.WriteEndArray();
        writer.WriteStartObject("parameters"u8);
        writer.WriteNumber("binary_data_size"u8, size);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
