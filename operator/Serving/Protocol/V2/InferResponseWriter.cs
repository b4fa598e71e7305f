using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Writes the answer: JSON, and after it the outputs that were asked for as raw bytes.</summary>
internal static class InferResponseWriter
{
    /// <returns>The length of the JSON when raw bytes follow it, else null.</returns>
    public static int? Write(
        ResponseBuffer buffer, ModelIdentity model, ModelSignature signature, InferRequest request, IReadOnlyList<OrtValue> outputs)
    {
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("model_name"u8, model.Name);
        json.WriteString("model_version"u8, model.Version);
        if (request.Id is not null)
        {
            json.WriteString("id"u8, request.Id);
        }
        json.WriteStartArray("outputs"u8);
        var anyBinary = false;
        for (var i = 0; i < outputs.Count; i++)
        {
            var (index, binary) = request.Outputs[i];
            WriteOutput(json, signature.Outputs[index], outputs[i], binary);
            anyBinary |= binary;
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        if (!anyBinary)
        {
            return null;
        }
        var length = buffer.Bytes.WrittenCount;
        for (var i = 0; i < outputs.Count; i++)
        {
            if (request.Outputs[i].Binary)
            {
                WriteRaw(buffer.Bytes, signature.Outputs[request.Outputs[i].Index].Type, outputs[i]);
            }
        }
        return length;
    }

    private static void WriteOutput(Utf8JsonWriter json, TensorSpec spec, OrtValue output, bool binary)
    {
        var actual = output.GetTensorTypeAndShape();
        json.WriteStartObject();
        json.WriteString("name"u8, spec.NameUtf8);
        json.WriteString("datatype"u8, spec.Type.Name());
        json.WriteStartArray("shape"u8);
        foreach (var dimension in actual.Shape)
        {
            json.WriteNumberValue(dimension);
        }
        json.WriteEndArray();
        if (binary)
        {
            json.WriteStartObject("parameters"u8);
            json.WriteNumber("binary_data_size"u8, RawSize(spec.Type, output, actual.ElementCount));
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data"u8);
            WriteData(json, spec.Type, output, actual.ElementCount);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, DataType type, OrtValue output, long elements)
    {
        switch (type)
        {
            case DataType.Fp32:
                Each<float>(output, json, static (json, value) => Number(json, value));
                break;
            case DataType.Fp64:
                Each<double>(output, json, static (json, value) => Number(json, value));
                break;
            case DataType.Int64:
                Each<long>(output, json, static (json, value) => json.WriteNumberValue(value));
                break;
            case DataType.Int32:
                Each<int>(output, json, static (json, value) => json.WriteNumberValue(value));
                break;
            case DataType.Int16:
                Each<short>(output, json, static (json, value) => json.WriteNumberValue(value));
                break;
            case DataType.Int8:
                Each<sbyte>(output, json, static (json, value) => json.WriteNumberValue(value));
                break;
            case DataType.UInt64:
                Each<ulong>(output, json, static (json, value) => json.WriteNumberValue(value));
                break;
            case DataType.UInt32:
                Each<uint>(output, json, static (json, value) => json.WriteNumberValue(value));
                break;
            case DataType.UInt16:
                Each<ushort>(output, json, static (json, value) => json.WriteNumberValue(value));
                break;
            case DataType.UInt8:
                Each<byte>(output, json, static (json, value) => json.WriteNumberValue(value));
                break;
            case DataType.Bool:
                Each<byte>(output, json, static (json, value) => json.WriteBooleanValue(value != 0));
                break;
            case DataType.Bytes:
                for (var i = 0; i < elements; i++)
                {
                    json.WriteStringValue(output.GetStringElementAsSpan(i));
                }
                break;
            default:
                throw new InvalidOperationException($"{type} has no JSON form; the request was to be refused.");
        }
    }

    private static void Each<T>(OrtValue output, Utf8JsonWriter json, Action<Utf8JsonWriter, T> write)
        where T : unmanaged
    {
        foreach (var value in MemoryMarshal.Cast<byte, T>(output.GetTensorMutableRawData()))
        {
            write(json, value);
        }
    }

    private static void Number(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            Named(json, value);
        }
    }

    private static void Number(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            Named(json, value);
        }
    }

    private static void Named(Utf8JsonWriter json, double value) =>
        json.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);

    private static long RawSize(DataType type, OrtValue output, long elements)
    {
        if (type != DataType.Bytes)
        {
            return elements * type.Size();
        }
        long size = 0;
        for (var i = 0; i < elements; i++)
        {
            size += sizeof(uint) + output.GetStringElementAsSpan(i).Length;
        }
        return size;
    }

    private static void WriteRaw(ArrayBufferWriter<byte> bytes, DataType type, OrtValue output)
    {
        var elements = output.GetTensorTypeAndShape().ElementCount;
        if (type != DataType.Bytes)
        {
            bytes.Write(output.GetTensorMutableRawData());
            return;
        }
        for (var i = 0; i < elements; i++)
        {
            var text = output.GetStringElementAsSpan(i);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.GetSpan(sizeof(uint)), (uint)text.Length);
            bytes.Advance(sizeof(uint));
            bytes.Write(text);
        }
    }
}
