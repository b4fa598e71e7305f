using System.Buffers;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>
/// A tensor as raw bytes, over REST and gRPC alike: little-endian and row-major; BYTES as a length of four bytes before
/// each element.
/// </summary>
internal static class RawTensor
{
    /// <param name="spec">The input.</param>
    /// <param name="shape">Its dimensions, none negative.</param>
    /// <param name="data">All of its bytes.</param>
    /// <param name="source">Where they are, for messages.</param>
    /// <exception cref="ProtocolException">They do not fill the shape.</exception>
    public static InputTensor Read(TensorSpec spec, long[] shape, ReadOnlySequence<byte> data, string source) =>
        spec.Type == DataType.Bytes ? Strings(spec, shape, data, source) : Numbers(spec, shape, data, source);

    public static void SetText(InputTensor tensor, int index, ReadOnlySequence<byte> text)
    {
        if (text.IsSingleSegment)
        {
            tensor.Value.StringTensorSetElementAt(text.FirstSpan, index);
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent((int)text.Length);
        text.CopyTo(buffer);
        tensor.Value.StringTensorSetElementAt(buffer.AsSpan(0, (int)text.Length), index);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static InputTensor Numbers(TensorSpec spec, long[] shape, ReadOnlySequence<byte> data, string source)
    {
        var elements = ShapeCheck.Elements(spec, shape, data.Length, $"{source} is {data.Length} bytes");
        if ((long)elements * spec.Type.Size() != data.Length)
        {
            throw ProtocolException.Invalid(
                $"input '{spec.Name}' of shape {TensorSpec.Text(shape)} and datatype {spec.Type.Name()} needs {(long)elements * spec.Type.Size()} bytes, got {data.Length}");
        }
        var tensor = InputTensor.Create(spec.Type, shape, elements);
        data.CopyTo(tensor.Data);
        return tensor;
    }

    private static InputTensor Strings(TensorSpec spec, long[] shape, ReadOnlySequence<byte> data, string source)
    {
        var elements = ShapeCheck.Elements(spec, shape, data.Length / sizeof(uint), $"{source} is {data.Length} bytes");
        var tensor = InputTensor.Create(spec.Type, shape, elements);
        var reader = new SequenceReader<byte>(data);
        for (var i = 0; i < elements; i++)
        {
            if (!reader.TryReadLittleEndian(out int length) || (uint)length > reader.Remaining)
            {
                tensor.Dispose();
                throw ProtocolException.Invalid($"input '{spec.Name}' ends within element {i}: its length reaches beyond {source}");
            }
            SetText(tensor, i, reader.UnreadSequence.Slice(0, length));
            reader.Advance(length);
        }
        if (!reader.End)
        {
            tensor.Dispose();
            throw ProtocolException.Invalid($"input '{spec.Name}' has {elements} elements by its shape, but {reader.Remaining} bytes follow them");
        }
        return tensor;
    }
}
