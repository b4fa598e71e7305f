using System.Buffers.Binary;
using System.Text;

namespace ModelOperator.Router.Mirroring;

/// <summary>Reads the elements of a tensor from its bytes: little endian, without padding.</summary>
internal static class BinaryTensor
{
    /// <summary>Elements of a numeric type.</summary>
    /// <exception cref="FormatException">The type is unknown or the length does not fit it.</exception>
    public static double[] Numbers(string type, ReadOnlySpan<byte> bytes)
    {
        var size = type switch
        {
            "BOOL" or "INT8" or "UINT8" => 1,
            "INT16" or "UINT16" or "FP16" or "BF16" => 2,
            "INT32" or "UINT32" or "FP32" => 4,
            "INT64" or "UINT64" or "FP64" => 8,
            _ => throw new FormatException($"no element type {type} is known"),
        };
        if (bytes.Length % size != 0)
        {
            throw new FormatException($"{bytes.Length} bytes are no whole number of {type} elements");
        }
        var numbers = new double[bytes.Length / size];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Number(type, bytes.Slice(i * size, size));
        }
        return numbers;
    }

    /// <summary>Elements of type BYTES: each a length of four bytes and as many bytes of UTF-8.</summary>
    /// <exception cref="FormatException">A length is wrong.</exception>
    public static string[] Texts(ReadOnlySpan<byte> bytes)
    {
        List<string> texts = [];
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var length && length > bytes.Length - 4)
            {
                throw new FormatException("a text is longer than its tensor");
            }
            texts.Add(Encoding.UTF8.GetString(bytes.Slice(4, (int)length)));
            bytes = bytes[(4 + (int)length)..];
        }
        return [.. texts];
    }

    private static double Number(string type, ReadOnlySpan<byte> element) => type switch
    {
        "BOOL" or "UINT8" => element[0],
        "INT8" => (sbyte)element[0],
        "INT16" => BinaryPrimitives.ReadInt16LittleEndian(element),
        "UINT16" => BinaryPrimitives.ReadUInt16LittleEndian(element),
        "FP16" => (double)BinaryPrimitives.ReadHalfLittleEndian(element),
        "BF16" => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
        "INT32" => BinaryPrimitives.ReadInt32LittleEndian(element),
        "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(element),
        "FP32" => BinaryPrimitives.ReadSingleLittleEndian(element),
        // Labels beyond 2^53 that differ in their last bits only would be taken for equal; there are none.
        "INT64" => BinaryPrimitives.ReadInt64LittleEndian(element),
        "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(element),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(element),
    };
}
