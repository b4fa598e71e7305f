using System.Runtime.InteropServices;
using Google.Protobuf;

namespace ModelOperator.OnnxRuntime.Tests;

/// <summary>
/// Writes small ONNX models (field numbers from onnx.proto3, IR version 8, opset 17), so that a test shows the model
/// it is about.
/// </summary>
internal sealed class TinyModel
{
    public const int Float = 1, UInt8 = 2, Int8 = 3, UInt16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, String = 8, Bool = 9,
        Float16 = 10, Double = 11, UInt32 = 12, UInt64 = 13, BFloat16 = 16;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];
    private readonly List<byte[]> _weights = [];

    /// <param name="dimensions">A number, or a name for one that varies.</param>
    public TinyModel Input(string name, int type, params object[] dimensions) => With(_inputs, Value(name, type, dimensions));

    public TinyModel Output(string name, int type, params object[] dimensions) => With(_outputs, Value(name, type, dimensions));

    /// <summary>A constant tensor of 32-bit floats.</summary>
    public TinyModel Weights(string name, ReadOnlySpan<float> values, params ReadOnlySpan<int> dimensions)
    {
        using var memory = new MemoryStream();
        using (var tensor = new CodedOutputStream(memory, leaveOpen: true))
        {
            foreach (var dimension in dimensions)
            {
                Number(tensor, 1, dimension);
            }
            Number(tensor, 2, Float);
            Text(tensor, 8, name);
            Bytes(tensor, 9, MemoryMarshal.AsBytes(values).ToArray());
        }
        return With(_weights, memory.ToArray());
    }

    public TinyModel Node(string operation, string[] inputs, params string[] outputs) => With(_nodes, Message(node =>
    {
        foreach (var input in inputs)
        {
            Text(node, 1, input);
        }
        foreach (var output in outputs)
        {
            Text(node, 2, output);
        }
        Text(node, 4, operation);
    }));

    public byte[] ToBytes() => Message(model =>
    {
        Number(model, 1, 8);
        Bytes(model, 7, Message(graph =>
        {
            _nodes.ForEach(node => Bytes(graph, 1, node));
            Text(graph, 2, "tiny");
            _weights.ForEach(weights => Bytes(graph, 5, weights));
            _inputs.ForEach(input => Bytes(graph, 11, input));
            _outputs.ForEach(output => Bytes(graph, 12, output));
        }));
        Bytes(model, 8, Message(opset =>
        {
            Text(opset, 1, "");
            Number(opset, 2, 17);
        }));
    });

    private static byte[] Value(string name, int type, object[] dimensions) => Message(value =>
    {
        Text(value, 1, name);
        Bytes(value, 2, Message(kind => Bytes(kind, 1, Message(tensor =>
        {
            Number(tensor, 1, type);
            Bytes(tensor, 2, Message(shape =>
            {
                foreach (var dimension in dimensions)
                {
                    Bytes(shape, 1, Message(one =>
                    {
                        if (dimension is string variable)
                        {
                            Text(one, 2, variable);
                        }
                        else
                        {
                            Number(one, 1, Convert.ToInt64(dimension));
                        }
                    }));
                }
            }));
        }))));
    });

    private TinyModel With(List<byte[]> list, byte[] item)
    {
        list.Add(item);
        return this;
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }
        return memory.ToArray();
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }
}
