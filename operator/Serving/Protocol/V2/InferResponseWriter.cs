using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Writes the answer: JSON, and after it the outputs that were asked for as raw bytes.</summary>
internal static class InferResponseWriter
{
    /// <returns>The length of the JSON when raw bytes follow it, else null.</returns>
    public static int? Write(ResponseBuffer buffer, ModelIdentity model, InferRequest request, ReadOnlySpan<OutputTensor> outputs)
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
        for (var i = 0; i < outputs.Length; i++)
        {
            WriteOutput(json, outputs[i], request.Outputs[i].Binary);
            anyBinary |= request.Outputs[i].Binary;
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        if (!anyBinary)
        {
            return null;
        }
        var length = buffer.Bytes.WrittenCount;
        for (var i = 0; i < outputs.Length; i++)
        {
            if (request.Outputs[i].Binary)
            {
                RawOutput.Write(buffer.Bytes, outputs[i]);
            }
        }
        return length;
    }

    private static void WriteOutput(Utf8JsonWriter json, OutputTensor output, bool binary)
    {
        var spec = output.Spec;
        json.WriteStartObject();
        json.WriteString("name"u8, spec.NameUtf8);
        json.WriteString("datatype"u8, spec.Type.Name());
        json.WriteStartArray("shape"u8);
        foreach (var dimension in output.Shape)
        {
            json.WriteNumberValue(dimension);
        }
        json.WriteEndArray();
        if (binary)
        {
            json.WriteStartObject("parameters"u8);
            json.WriteNumber("binary_data_size"u8, RawOutput.Size(output));
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data"u8);
            WriteData(json, output);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, OutputTensor output)
    {
        switch (output.Spec.Type)
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
                for (var i = 0; i < output.Elements; i++)
                {
                    WriteText(json, output, i);
                }
                break;
            default:
                throw new InvalidOperationException($"{output.Spec.Type} has no JSON form; the request was to be refused.");
        }
    }

    // JSON holds text only: other bytes would come back changed, and nobody would know.
    private static void WriteText(Utf8JsonWriter json, OutputTensor output, int index)
    {
        var text = output.Text(index);
        if (!Utf8.IsValid(text))
        {
            throw ProtocolException.Invalid(
                $"element {index} of output '{output.Spec.Name}' is no valid UTF-8, which JSON cannot carry; request the output with \"binary_data\": true");
        }
        json.WriteStringValue(text);
    }

    private static void Each<T>(OutputTensor output, Utf8JsonWriter json, Action<Utf8JsonWriter, T> write)
        where T : unmanaged
    {
        foreach (var value in MemoryMarshal.Cast<byte, T>(output.Data))
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
}
