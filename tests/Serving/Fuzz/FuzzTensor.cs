using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>A value for an input, which can be written in every way that the protocol has.</summary>
internal sealed record FuzzTensor(FuzzInput Input, long[] Shape, byte[][] Elements)
{
    public static FuzzTensor Create(FuzzInput input, Random random, IReadOnlyDictionary<string, long> sizes)
    {
        long[] shape = [.. input.Dimensions.Select(dimension => dimension is string name ? sizes[name] : Convert.ToInt64(dimension))];
        var elements = new byte[shape.Aggregate(1L, (product, dimension) => product * dimension)][];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = Element(input, random);
        }
        return new FuzzTensor(input, shape, elements);
    }

    public byte[] Raw => Input.Size > 0
        ? [.. Elements.SelectMany(element => element)]
        : [.. Elements.SelectMany(element => (byte[])[.. BitConverter.GetBytes(element.Length), .. element])];

    public string Json => $"[{string.Join(',', Elements.Select(Text))}]";

    // Numbers that are the same as text and as bytes; strings that JSON can hold.
    private static byte[] Element(FuzzInput input, Random random)
    {
        if (input.Size == 0)
        {
            return Encoding.UTF8.GetBytes(random.Next(4) switch { 0 => "", 1 => "grün\n\"", 2 => "a\0b", _ => $"{random.Next()}" });
        }
        var element = new byte[input.Size];
        switch (input.Type)
        {
            case "BOOL":
                element[0] = (byte)random.Next(2);
                break;
            case "FP32":
                BinaryPrimitives.WriteSingleLittleEndian(element, random.Next(-1000, 1000) / 8f);
                break;
            case "FP64":
                BinaryPrimitives.WriteDoubleLittleEndian(element, random.NextDouble());
                break;
            default:
                random.NextBytes(element);
                break;
        }
        return element;
    }

    private string Text(byte[] element) => Input.Type switch
    {
        "BOOL" => element[0] != 0 ? "true" : "false",
        "BYTES" => JsonSerializer.Serialize(Encoding.UTF8.GetString(element)),
        "FP32" => BinaryPrimitives.ReadSingleLittleEndian(element).ToString("R", CultureInfo.InvariantCulture),
        "FP64" => BinaryPrimitives.ReadDoubleLittleEndian(element).ToString("R", CultureInfo.InvariantCulture),
        "INT8" => ((sbyte)element[0]).ToString(),
        "INT16" => BinaryPrimitives.ReadInt16LittleEndian(element).ToString(),
        "INT32" => BinaryPrimitives.ReadInt32LittleEndian(element).ToString(),
        "INT64" => BinaryPrimitives.ReadInt64LittleEndian(element).ToString(),
        "UINT8" => element[0].ToString(),
        "UINT16" => BinaryPrimitives.ReadUInt16LittleEndian(element).ToString(),
        "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(element).ToString(),
        "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(element).ToString(),
        _ => throw new InvalidOperationException($"{Input.Type} has no JSON form."),
    };
}
