using System.Buffers;
using System.Numerics;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>Writes fields of a protobuf message straight into the connection's buffers.</summary>
internal static class WireWriter
{
    private const int MaxVarintBytes = 10;

    public static int VarintSize(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) / 64;

    /// <summary>Of a field of bytes, with its tag and length; fields up to 15.</summary>
    public static long FieldSize(long length) => 1 + VarintSize((ulong)length) + length;

    public static void Varint(IBufferWriter<byte> writer, ulong value)
    {
        var span = writer.GetSpan(MaxVarintBytes);
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }
        span[count++] = (byte)value;
        writer.Advance(count);
    }

    /// <summary>Tag and length of a field of bytes, which the caller writes next.</summary>
    public static void Header(IBufferWriter<byte> writer, int field, long length)
    {
        Varint(writer, (ulong)((field << 3) | (int)WireType.Bytes));
        Varint(writer, (ulong)length);
    }

    public static void Bytes(IBufferWriter<byte> writer, int field, ReadOnlySpan<byte> bytes)
    {
        Header(writer, field, bytes.Length);
        writer.Write(bytes);
    }
}
