using ModelOperator.OnnxRuntime.Tests;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>
/// A network of fully connected layers whose weights do not fit a cache: one row has to read them all from memory, and so
/// have thirty-two rows together.
/// </summary>
internal static class LayeredNetwork
{
    public const string Input = "x";

    /// <param name="path">Where the model is written.</param>
    /// <param name="widths">Of the input, of each layer and of the output; two neighbours have their product of weights between them, 4 bytes each.</param>
    public static void Write(string path, params ReadOnlySpan<int> widths)
    {
        // The same model on every machine.
        var random = new Random(1);
        var model = new TinyModel().Input(Input, TinyModel.Float, "n", widths[0]).Output("y", TinyModel.Float, "n", widths[^1]);
        var last = Input;
        for (var layer = 1; layer < widths.Length; layer++)
        {
            var weights = new float[widths[layer - 1] * widths[layer]];
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = (random.NextSingle() - 0.5f) / widths[layer];
            }
            model.Weights($"w{layer}", weights, widths[layer - 1], widths[layer]).Node("MatMul", [last, $"w{layer}"], $"m{layer}");
            last = layer == widths.Length - 1 ? "y" : $"h{layer}";
            model.Node("Relu", [$"m{layer}"], last);
        }
        File.WriteAllBytes(path, model.ToBytes());
    }
}
