using System.Buffers;
using System.Runtime.CompilerServices;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary><c>InferTensorContents</c>: the elements of an input, in the field that its type has.</summary>
internal static class TensorContents
{
    private static readonly string[] Fields =
    [
        "", "bool_contents", "int_contents", "int64_contents", "uint_contents", "uint64_contents", "fp32_contents", "fp64_contents", "bytes_contents",
    ];

    /// <exception cref="ProtocolException">Elements are missing, too many, of another type or out of its range.</exception>
    public static InputTensor Read(TensorSpec spec, long[] shape, ReadOnlySequence<byte> contents)
    {
        if (!spec.Type.HasJsonForm())
        {
            throw ProtocolException.Invalid($"input '{spec.Name}' is {spec.Type.Name()}, which has no field in contents; send it in raw_input_contents");
        }
        // Each element takes at least a byte: more of them cannot be in the message.
        var elements = ShapeCheck.Elements(spec, shape, contents.Length, $"its contents are {contents.Length} bytes long");
        var tensor = InputTensor.Create(spec.Type, shape, elements);
        try
        {
            var count = ReadFields(spec, shape, contents, elements, tensor);
            return count == elements ? tensor : throw Count(spec, shape, elements, count.ToString());
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private static int ReadFields(TensorSpec spec, long[] shape, ReadOnlySequence<byte> contents, int elements, InputTensor tensor)
    {
        var (field, single) = FieldOf(spec.Type);
        var index = 0;
        var wire = new WireReader(contents);
        while (wire.Next())
        {
            if (wire.Field != field)
            {
                if (wire.Field < Fields.Length)
                {
                    throw ProtocolException.Invalid(
                        $"input '{spec.Name}' is {spec.Type.Name()}, whose contents are in {Fields[field]}, not {Fields[wire.Field]}");
                }
                wire.Skip();
            }
            else if (wire.Type == single)
            {
                if (index == elements)
                {
                    throw Count(spec, shape, elements, "more");
                }
                ReadOne(ref wire, spec, tensor, index++);
            }
            else if (wire.Type == WireType.Bytes)
            {
                index = ReadPacked(wire.Bytes(), spec, shape, single, elements, tensor, index);
            }
            else
            {
                throw WireReader.Malformed($"{Fields[field]} is encoded as {wire.Type}");
            }
        }
        return index;
    }

    private static int ReadPacked(
        ReadOnlySequence<byte> packed, TensorSpec spec, long[] shape, WireType single, int elements, InputTensor tensor, int index)
    {
        if (single == WireType.Varint)
        {
            for (var wire = new WireReader(packed); !wire.End;)
            {
                if (index == elements)
                {
                    throw Count(spec, shape, elements, "more");
                }
                ReadOne(ref wire, spec, tensor, index++);
            }
            return index;
        }
        // Numbers of a fixed width are in the message as they are in memory.
        var size = spec.Type.Size();
        if (packed.Length % size != 0)
        {
            throw WireReader.Malformed("it ends within a number");
        }
        if (packed.Length / size > elements - index)
        {
            throw Count(spec, shape, elements, "more");
        }
        packed.CopyTo(tensor.Data[(index * size)..]);
        return index + (int)(packed.Length / size);
    }

    private static void ReadOne(ref WireReader wire, TensorSpec spec, InputTensor tensor, int index)
    {
        switch (spec.Type)
        {
            case DataType.Fp32:
                Put(tensor, index, wire.Fixed32());
                break;
            case DataType.Fp64:
                Put(tensor, index, wire.Fixed64());
                break;
            case DataType.Bytes:
                RawTensor.SetText(tensor, index, wire.Bytes());
                break;
            default:
                var value = wire.Varint();
                if (!PutNumber(spec.Type, tensor, index, value))
                {
                    var shown = Fields[FieldOf(spec.Type).Field][0] == 'u' ? ((uint)value).ToString() : ((int)value).ToString();
                    throw ProtocolException.Invalid($"element {index} of input '{spec.Name}' is {shown}, expected {spec.Type.Name()}");
                }
                break;
        }
    }

    private static bool PutNumber(DataType type, InputTensor tensor, int index, ulong value) => type switch
    {
        DataType.Bool => Put(tensor, index, value != 0),
        DataType.Int64 or DataType.UInt64 => Put(tensor, index, value),
        DataType.Int32 or DataType.UInt32 => Put(tensor, index, (uint)value),
        DataType.Int16 => (int)value is >= short.MinValue and <= short.MaxValue && Put(tensor, index, (short)value),
        DataType.Int8 => (int)value is >= sbyte.MinValue and <= sbyte.MaxValue && Put(tensor, index, (sbyte)value),
        DataType.UInt16 => (uint)value <= ushort.MaxValue && Put(tensor, index, (ushort)value),
        DataType.UInt8 => (uint)value <= byte.MaxValue && Put(tensor, index, (byte)value),
        _ => throw new InvalidOperationException($"{type} is no whole number."),
    };

    private static bool Put<T>(InputTensor tensor, int index, T value)
        where T : unmanaged
    {
        Unsafe.WriteUnaligned(ref tensor.Data[index * Unsafe.SizeOf<T>()], value);
        return true;
    }

    private static (int Field, WireType Single) FieldOf(DataType type) => type switch
    {
        DataType.Bool => (1, WireType.Varint),
        DataType.Int8 or DataType.Int16 or DataType.Int32 => (2, WireType.Varint),
        DataType.Int64 => (3, WireType.Varint),
        DataType.UInt8 or DataType.UInt16 or DataType.UInt32 => (4, WireType.Varint),
        DataType.UInt64 => (5, WireType.Varint),
        DataType.Fp32 => (6, WireType.Fixed32),
        DataType.Fp64 => (7, WireType.Fixed64),
        DataType.Bytes => (8, WireType.Bytes),
        _ => throw new InvalidOperationException($"{type} has no field."),
    };

    private static ProtocolException Count(TensorSpec spec, long[] shape, int expected, string given) =>
        ProtocolException.Invalid($"contents of input '{spec.Name}' have {given} elements, expected {expected} for shape {TensorSpec.Text(shape)}");
}
