using System.Buffers.Binary;

namespace ModelOperator.OpenInference.Tensors;

/// <summary>A tensor with its elements as the binary extension carries them: little-endian, row-major, BYTES behind their lengths.</summary>
internal sealed record Tensor(string Name, string Datatype, long[] Shape, byte[] Data)
{
    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    public static string Text(IEnumerable<long> shape) => $"[{string.Join(',', shape)}]";

    /// <summary>Elements that the data hold, or -1 when they end within one.</summary>
    public long Count()
    {
        if (Datatype != Datatypes.Bytes)
        {
            return Data.Length % Datatypes.Size(Datatype) == 0 ? Data.Length / Datatypes.Size(Datatype) : -1;
        }
        var (count, at) = (0, 0L);
        while (at + sizeof(uint) <= Data.Length)
        {
            at += sizeof(uint) + BinaryPrimitives.ReadUInt32LittleEndian(Data.AsSpan((int)at));
            count++;
        }
        return at == Data.Length ? count : -1;
    }
}
