using System.Text;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelOperator.Serving.Inference;

/// <summary>What is known of each element type: its name in the protocol, its size, its counterpart in ONNX Runtime.</summary>
internal static class DataTypes
{
    private static readonly (string Name, int Size, TensorElementType Element)[] Table =
    [
        ("BOOL", 1, TensorElementType.Bool),
        ("UINT8", 1, TensorElementType.UInt8),
        ("UINT16", 2, TensorElementType.UInt16),
        ("UINT32", 4, TensorElementType.UInt32),
        ("UINT64", 8, TensorElementType.UInt64),
        ("INT8", 1, TensorElementType.Int8),
        ("INT16", 2, TensorElementType.Int16),
        ("INT32", 4, TensorElementType.Int32),
        ("INT64", 8, TensorElementType.Int64),
        ("FP16", 2, TensorElementType.Float16),
        ("BF16", 2, TensorElementType.BFloat16),
        ("FP32", 4, TensorElementType.Float),
        ("FP64", 8, TensorElementType.Double),
        ("BYTES", 0, TensorElementType.String),
    ];

    private static readonly byte[][] Utf8Names = [.. Table.Select(row => Encoding.UTF8.GetBytes(row.Name))];

    public static string Name(this DataType type) => Table[(int)type].Name;

    public static ReadOnlySpan<byte> NameUtf8(this DataType type) => Utf8Names[(int)type];

    /// <summary>Bytes of one element; 0 for BYTES, whose elements have no fixed size.</summary>
    public static int Size(this DataType type) => Table[(int)type].Size;

    public static TensorElementType Element(this DataType type) => Table[(int)type].Element;

    /// <summary>False for the half-width floats: they have no form in JSON and only travel as raw bytes.</summary>
    public static bool HasJsonForm(this DataType type) => type is not (DataType.Fp16 or DataType.Bf16);

    public static DataType? FromElement(TensorElementType element)
    {
        var index = Array.FindIndex(Table, row => row.Element == element);
        return index < 0 ? null : (DataType)index;
    }
}
