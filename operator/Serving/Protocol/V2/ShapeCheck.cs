using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Holds what a request says of a tensor against what the model declares.</summary>
internal static class ShapeCheck
{
    public static string Names(TensorSpec[] tensors) => string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"));

    /// <summary>No input is missing.</summary>
    public static void AllGiven(ModelSignature signature, InputTensor?[] inputs)
    {
        var missing = Array.IndexOf(inputs, null);
        if (missing >= 0)
        {
            var spec = signature.Inputs[missing];
            throw ProtocolException.Invalid(
                $"input '{spec.Name}' is missing; the model needs it as {spec.Type.Name()} {TensorSpec.Text(spec.Shape)}");
        }
    }

    public static void Type(TensorSpec spec, string given)
    {
        if (given != spec.Type.Name())
        {
            throw ProtocolException.Invalid($"input '{spec.Name}' has datatype {Shown.Of(given)}, expected {spec.Type.Name()}");
        }
    }

    public static long[] Shape(TensorSpec spec, long[] given)
    {
        var fits = given.Length == spec.Shape.Length;
        for (var i = 0; fits && i < given.Length; i++)
        {
            fits = given[i] >= 0 && (spec.Shape[i] < 0 || spec.Shape[i] == given[i]);
        }
        return fits
            ? given
            : throw ProtocolException.Invalid(
                $"input '{spec.Name}' has shape {TensorSpec.Text(given)}, expected {TensorSpec.Text(spec.Shape)} (-1: any size)");
    }

    /// <param name="spec">The input.</param>
    /// <param name="shape">Its dimensions, none negative.</param>
    /// <param name="limit">More elements than this are refused before memory is taken for them.</param>
    /// <param name="why">What is wrong then.</param>
    public static int Elements(TensorSpec spec, ReadOnlySpan<long> shape, long limit, string why)
    {
        UInt128 product = 1;
        foreach (var dimension in shape)
        {
            // A product of two 63-bit numbers fits. A dimension of zero leaves no elements, but what the others multiply
            // to must still be a number that ONNX Runtime can hold.
            product = UInt128.Min(product, ulong.MaxValue) * (ulong)Math.Max(dimension, 1);
        }
        var empty = shape.Contains(0);
        var most = empty ? int.MaxValue : Math.Min(limit, int.MaxValue / Math.Max(spec.Type.Size(), 1));
        if (product > (ulong)most)
        {
            throw ProtocolException.Invalid(
                $"input '{spec.Name}' of shape {TensorSpec.Text(shape)} {(empty ? "is too large" : $"has {product} elements; {why}")}");
        }
        return empty ? 0 : (int)product;
    }

    /// <summary>Dimensions of one name are of one size, across all inputs.</summary>
    public static void SymbolsAgree(ModelSignature signature, InputTensor?[] inputs)
    {
        for (var i = 1; i < inputs.Length; i++)
        {
            for (var dimension = 0; dimension < inputs[i]!.Shape.Length; dimension++)
            {
                var symbol = signature.Inputs[i].Symbols[dimension];
                if (symbol.Length > 0)
                {
                    SymbolAgrees(signature, inputs, i, dimension, symbol);
                }
            }
        }
    }

    private static void SymbolAgrees(ModelSignature signature, InputTensor?[] inputs, int index, int dimension, string symbol)
    {
        for (var other = 0; other < index; other++)
        {
            var same = Array.IndexOf(signature.Inputs[other].Symbols, symbol);
            if (same >= 0 && inputs[other]!.Shape[same] != inputs[index]!.Shape[dimension])
            {
                throw ProtocolException.Invalid(
                    $"input '{signature.Inputs[index].Name}' has {inputs[index]!.Shape[dimension]} as dimension {dimension} ('{symbol}'), " +
                    $"but input '{signature.Inputs[other].Name}' has {inputs[other]!.Shape[same]}");
            }
        }
    }
}
