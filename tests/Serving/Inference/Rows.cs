using System.Runtime.InteropServices;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Tests.Inference;

/// <summary>Requests to a model of x[n, width] FP32 -> y and z of the same shape, whose every value tells whose it is.</summary>
internal static class Rows
{
    public static ModelSignature Signature { get; } = new(
        [new TensorSpec("x", DataType.Fp32, [-1, -1], ["n", "w"])],
        [new TensorSpec("y", DataType.Fp32, [-1, -1], ["n", "w"]), new TensorSpec("z", DataType.Fp32, [-1, -1], ["n", "w"])]);

    public static InferenceRequest Request(params float[] rows) => Request(rows, 1, [0]);

    public static InferenceRequest Request(float[] rows, int width, int[] outputs)
    {
        var input = InputTensor.Create(DataType.Fp32, [rows.Length, width], rows.Length * width);
        var values = MemoryMarshal.Cast<byte, float>(input.Data);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = rows[i / width];
        }
        var request = new InferenceRequest(Signature) { Outputs = outputs };
        request.Inputs[0] = input;
        return request;
    }

    public static float[] Of(InputTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data).ToArray();

    public static float[] Of(OutputTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data).ToArray();
}
