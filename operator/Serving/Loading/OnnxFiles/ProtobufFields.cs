using System.Buffers.Binary;

namespace ModelOperator.Serving.Loading.OnnxFiles;

/// <summary>Steps through the fields of a protobuf message in memory; nothing is copied.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;
    private const int MaxVarintBytes = 10;

    private ReadOnlySpan<byte> _rest = message;

    public int Number { get; private set; }

    /// <summary>What the field holds, when it is a number.</summary>
    public ulong Value { get; private set; }

    /// <summary>What the field holds, when it is a message, text or bytes; else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool IsNumber { get; private set; }

    /// <exception cref="InvalidDataException">The message ends too early or is none.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }
        var tag = ReadVarint();
        Number = tag is >= 8 and <= uint.MaxValue ? (int)(tag >> 3) : throw new InvalidDataException("it has a field without a number");
        Bytes = default;
        Value = 0;
        var type = (int)(tag & 7);
        IsNumber = type != Delimited;
        switch (type)
        {
            case Varint:
                Value = ReadVarint();
                break;
            case Fixed64:
                Value = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case Fixed32:
                Value = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
                break;
            case Delimited:
                Bytes = Take(ReadVarint());
                break;
            default:
                throw new InvalidDataException($"it has a field of wire type {type}");
        }
        return true;
    }

    /// <summary>The numbers of a repeated field, which may be packed together or one by one.</summary>
    public readonly void AddTo(List<long> numbers)
    {
        if (IsNumber)
        {
            numbers.Add((long)Value);
            return;
        }
        var packed = new ProtobufFields(Bytes);
        while (!packed._rest.IsEmpty)
        {
            numbers.Add((long)packed.ReadVarint());
        }
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarintBytes && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw new InvalidDataException("it ends within a number");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException($"it ends too early: a field of {length} bytes, of which {_rest.Length} are there");
        }
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
