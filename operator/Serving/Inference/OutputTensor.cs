using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Inference;

/// <summary>One output of one request. Its memory lasts until the <see cref="InferenceResult"/> that it is of is disposed.</summary>
internal readonly struct OutputTensor(TensorSpec spec, OrtValue value, nint data, long[] shape, int firstElement, int elements)
{
    public TensorSpec Spec { get; } = spec;

    public ReadOnlySpan<long> Shape => shape;

    public int Elements { get; } = elements;

    /// <summary>The elements, little-endian and row-major; empty for BYTES.</summary>
    public unsafe ReadOnlySpan<byte> Data => new((byte*)data + (firstElement * Spec.Type.Size()), Elements * Spec.Type.Size());

    /// <summary>An element of BYTES.</summary>
    public ReadOnlySpan<byte> Text(int index) => value.GetStringElementAsSpan(firstElement + index);
}
