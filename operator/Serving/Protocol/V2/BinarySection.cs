using System.Buffers.Binary;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>The raw tensors that follow the JSON of a request, taken in the order of the inputs.</summary>
internal ref struct BinarySection(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public InputTensor Take(TensorSpec spec, long[] shape, long size)
    {
        if (size > _rest.Length)
        {
            throw ProtocolException.Invalid(
                $"unexpected size for input '{spec.Name}': binary_data_size is {size}, expecting {size - _rest.Length} additional bytes");
        }
        var data = _rest[..(int)size];
        _rest = _rest[(int)size..];
        return spec.Type == DataType.Bytes ? Strings(spec, shape, data) : Numbers(spec, shape, data);
    }

    /// <summary>A body that is nothing but the one input: the dimension that varies follows from its length.</summary>
    public static InputTensor TakeWhole(TensorSpec spec, ReadOnlySpan<byte> body)
    {
        if (spec.Type == DataType.Bytes)
        {
            // A single element without a length before it.
            long[] one = [.. spec.Shape.Select(dimension => dimension is < 0 or 1
                ? 1L
                : throw ProtocolException.Invalid($"input '{spec.Name}' of shape {TensorSpec.Text(spec.Shape)} is more than one element; a raw binary request carries one"))];
            var text = InputTensor.Create(spec.Type, one, 1);
            text.Value.StringTensorSetElementAt(body, 0);
            return text;
        }
        if (spec.Dynamic > 1)
        {
            throw ProtocolException.Invalid(
                $"input '{spec.Name}' of shape {TensorSpec.Text(spec.Shape)} has {spec.Dynamic} dimensions that vary; a raw binary request allows one");
        }
        var known = spec.Shape.Where(dimension => dimension >= 0).Aggregate((long)spec.Type.Size(), (product, dimension) => product * dimension);
        var varying = known == 0 ? 0 : body.Length / known;
        long[] shape = [.. spec.Shape.Select(dimension => dimension >= 0 ? dimension : varying)];
        return new BinarySection(body).Take(spec, shape, body.Length);
    }

    private static InputTensor Numbers(TensorSpec spec, long[] shape, ReadOnlySpan<byte> data)
    {
        var elements = ShapeCheck.Elements(spec, shape, data.Length, $"binary_data_size is {data.Length}");
        if ((long)elements * spec.Type.Size() != data.Length)
        {
            throw ProtocolException.Invalid(
                $"input '{spec.Name}' of shape {TensorSpec.Text(shape)} and datatype {spec.Type.Name()} needs {(long)elements * spec.Type.Size()} bytes, got {data.Length}");
        }
        var tensor = InputTensor.Create(spec.Type, shape, elements);
        data.CopyTo(tensor.Data);
        return tensor;
    }

    private static InputTensor Strings(TensorSpec spec, long[] shape, ReadOnlySpan<byte> data)
    {
        var elements = ShapeCheck.Elements(spec, shape, data.Length / sizeof(uint), $"binary_data_size is {data.Length}");
        var tensor = InputTensor.Create(spec.Type, shape, elements);
        for (var i = 0; i < elements; i++)
        {
            if (data.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(data) is var length && length > data.Length - sizeof(uint))
            {
                tensor.Dispose();
                throw ProtocolException.Invalid($"input '{spec.Name}' ends within element {i}: its length reaches beyond binary_data_size");
            }
            tensor.Value.StringTensorSetElementAt(data.Slice(sizeof(uint), (int)length), i);
            data = data[(sizeof(uint) + (int)length)..];
        }
        if (data.Length > 0)
        {
            tensor.Dispose();
            throw ProtocolException.Invalid($"input '{spec.Name}' has {elements} elements by its shape, but {data.Length} bytes follow them");
        }
        return tensor;
    }
}
