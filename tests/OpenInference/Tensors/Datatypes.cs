namespace ModelOperator.OpenInference.Tensors;

/// <summary>The table of tensor data types in the specification.</summary>
internal static class Datatypes
{
    public const string Bytes = "BYTES";

    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 1,
        ["UINT8"] = 1,
        ["UINT16"] = 2,
        ["UINT32"] = 4,
        ["UINT64"] = 8,
        ["INT8"] = 1,
        ["INT16"] = 2,
        ["INT32"] = 4,
        ["INT64"] = 8,
        ["FP16"] = 2,
        ["BF16"] = 2,
        ["FP32"] = 4,
        ["FP64"] = 8,
        [Bytes] = 0,
    };

    public static bool IsKnown(string datatype) => Sizes.ContainsKey(datatype);

    /// <summary>Bytes of an element; 0 for BYTES.</summary>
    public static int Size(string datatype) => Sizes[datatype];

    public static bool IsInteger(string datatype) => datatype.Contains("INT", StringComparison.Ordinal);

    /// <summary>The half-width floats travel as raw bytes only.</summary>
    public static bool HasJsonForm(string datatype) => datatype is not ("FP16" or "BF16");
}
