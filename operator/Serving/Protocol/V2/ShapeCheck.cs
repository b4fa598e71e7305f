using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Holds what a request says of a tensor against what the model declares.</summary>
internal static class ShapeCheck
{
    public static void Type(TensorSpec spec, string given)
    {
        if (given != spec.Type.Name())
        {
            throw ProtocolException.Invalid($"input '{spec.Name}' has datatype {given}, expected {spec.Type.Name()}");
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
            // One factor of zero makes the product zero, whatever the others are; a product of two 63-bit numbers fits.
            product = dimension == 0 ? 0 : UInt128.Min(product, ulong.MaxValue) * (ulong)dimension;
        }
        if (product > (ulong)limit && !shape.Contains(0))
        {
            throw ProtocolException.Invalid($"input '{spec.Name}' of shape {TensorSpec.Text(shape)} has {product} elements; {why}");
        }
        return shape.Contains(0) ? 0 : (int)product;
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
