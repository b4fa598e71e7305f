using System.Buffers;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>The raw tensors that follow the JSON of a request, taken in the order of the inputs.</summary>
internal struct BinarySection(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;

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
        return RawTensor.Read(spec, shape, new ReadOnlySequence<byte>(data), "binary_data_size");
    }

    /// <summary>A body that is nothing but the one input: the dimension that varies follows from its length.</summary>
    public static InputTensor TakeWhole(TensorSpec spec, ReadOnlyMemory<byte> body)
    {
        if (spec.Type == DataType.Bytes)
        {
            // A single element without a length before it.
            long[] one = [.. spec.Shape.Select(dimension => dimension is < 0 or 1
                ? 1L
                : throw ProtocolException.Invalid($"input '{spec.Name}' of shape {TensorSpec.Text(spec.Shape)} is more than one element; a raw binary request carries one"))];
            var text = InputTensor.Create(spec.Type, one, 1);
            text.Value.StringTensorSetElementAt(body.Span, 0);
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
}
