using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading;

/// <summary>
/// Runs a model on zeros before it takes requests: the first runs allocate and compile, and no caller should pay for
/// that. Dimensions that vary are 1.
/// </summary>
internal static class Warmup
{
    /// <summary>Elements that an input of zeros may have.</summary>
    private const long MaxElements = 64 << 20;

    /// <returns>Null, or why the model did not take zeros: a hint, as no caller asked for them.</returns>
    public static string? Run(LoadedModel model, int requests)
    {
        int[] outputs = [.. Enumerable.Range(0, model.Signature.Outputs.Length)];
        var inputs = new List<InputTensor>();
        try
        {
            foreach (var spec in model.Signature.Inputs)
            {
                var shape = spec.Shape.Select(dimension => Math.Max(dimension, 1)).ToArray();
                var elements = shape.Aggregate(1L, (product, dimension) => Math.Min(product * dimension, MaxElements + 1));
                if (elements > MaxElements)
                {
                    return $"input '{spec.Name}' is too large to be filled with zeros";
                }
                var input = InputTensor.Create(spec.Type, shape, (int)elements);
                input.Data.Clear();
                inputs.Add(input);
            }
            InputTensor[] values = [.. inputs];
            for (var i = 0; i < requests; i++)
            {
                model.Run(values, outputs).LetGo();
            }
            return null;
        }
        catch (InferenceException failure)
        {
            return failure.Message;
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }
}
