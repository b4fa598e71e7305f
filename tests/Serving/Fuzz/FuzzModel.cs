using ModelOperator.OnnxRuntime.Tests;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>
/// A model that cannot fail: each output is the input of the same index, of every type there is, among them a scalar, a
/// fixed shape and one with two dimensions that vary. What goes wrong with it is the request's fault or the server's.
/// </summary>
internal static class FuzzModel
{
    public static readonly FuzzInput[] Inputs =
    [
        new("bool", "BOOL", TinyModel.Bool, 1, "n"),
        new("u8", "UINT8", TinyModel.UInt8, 1, "n"),
        new("u16", "UINT16", TinyModel.UInt16, 2, "n"),
        new("u32", "UINT32", TinyModel.UInt32, 4, "n"),
        new("u64", "UINT64", TinyModel.UInt64, 8, "n"),
        new("i8", "INT8", TinyModel.Int8, 1, "n"),
        new("i16", "INT16", TinyModel.Int16, 2, "n"),
        new("i32", "INT32", TinyModel.Int32, 4, "n"),
        new("i64", "INT64", TinyModel.Int64, 8, "n"),
        new("f16", "FP16", TinyModel.Float16, 2, "n"),
        new("bf16", "BF16", TinyModel.BFloat16, 2, "n"),
        new("f32", "FP32", TinyModel.Float, 4, "n"),
        new("f64", "FP64", TinyModel.Double, 8, "n"),
        new("text", "BYTES", TinyModel.String, 0, "n"),
        new("scalar", "FP32", TinyModel.Float, 4),
        new("fixed", "INT64", TinyModel.Int64, 8, 2, 3),
        new("grid", "UINT8", TinyModel.UInt8, 1, "p", "q"),
    ];

    public static TinyModel Create()
    {
        var model = new TinyModel();
        foreach (var input in Inputs)
        {
            model.Input(input.Name, input.ModelType, input.Dimensions).Output("y_" + input.Name, input.ModelType, input.Dimensions)
                .Node("Identity", [input.Name], "y_" + input.Name);
        }
        return model;
    }
}
