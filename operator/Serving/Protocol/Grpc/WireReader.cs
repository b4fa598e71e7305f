using System.Buffers;
using System.Buffers.Binary;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>
/// Steps through a protobuf message where it lies in the connection's buffers. Nothing is copied: what a field of bytes
/// holds is a slice.
/// </summary>
internal ref struct WireReader(ReadOnlySequence<byte> message)
{
    private const int MaxVarintBytes = 10;

    private SequenceReader<byte> _bytes = new(message);

    public int Field { get; private set; }

    public WireType Type { get; private set; }

    public readonly bool End => _bytes.End;

    /// <summary>Reads the next field's number and type; false at the end.</summary>
    public bool Next()
    {
        if (_bytes.End)
        {
            return false;
        }
        var tag = Varint();
        (Field, Type) = ((int)(tag >> 3), (WireType)(tag & 7));
        return tag is >= 8 and <= uint.MaxValue && Type is WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32
            ? true
            : throw Malformed($"it has a field with tag {tag}");
    }

    public readonly bool Is(int field, WireType type) => Field == field && Type == type;

    public ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            if (!_bytes.TryRead(out var one))
            {
                throw Malformed("it ends within a number");
            }
            value |= (ulong)(one & 0x7f) << (7 * i);
            if (one < 0x80)
            {
                return value;
            }
        }
        throw Malformed("a number takes more than 10 bytes");
    }

    public uint Fixed32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Read(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong Fixed64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Read(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public ReadOnlySequence<byte> Bytes()
    {
        var length = Varint();
        if (length > (ulong)_bytes.Remaining)
        {
            throw Malformed($"field {Field} is {length} bytes long, but {_bytes.Remaining} are left");
        }
        var bytes = _bytes.UnreadSequence.Slice(0, (long)length);
        _bytes.Advance((long)length);
        return bytes;
    }

    /// <summary>Fields that are not known are no error: a later version of the protocol may have them.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Bytes:
                Bytes();
                break;
            default:
                Span<byte> ignored = stackalloc byte[Type == WireType.Fixed32 ? sizeof(uint) : sizeof(ulong)];
                Read(ignored);
                break;
        }
    }

    public static ProtocolException Malformed(string why) => ProtocolException.Invalid($"the message is no valid protobuf: {why}");

    private void Read(scoped Span<byte> bytes)
    {
        if (!_bytes.TryCopyTo(bytes))
        {
            throw Malformed("it ends within a number");
        }
        _bytes.Advance(bytes.Length);
    }
}
