using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Inference;

/// <summary>What one run gave. The requests of a batch share it; the last to let go frees its memory.</summary>
internal sealed class RunOutputs
{
    private readonly IDisposable _memory;
    private readonly Output[] _outputs;
    private int _holders = 1;

    /// <param name="signature">Of the model.</param>
    /// <param name="indices">Which outputs these are.</param>
    /// <param name="values">In the same order.</param>
    /// <param name="memory">What frees the values.</param>
    /// <exception cref="InferenceException">An output is larger than an answer can be.</exception>
    public RunOutputs(ModelSignature signature, int[] indices, IReadOnlyList<OrtValue> values, IDisposable memory)
    {
        _memory = memory;
        _outputs = new Output[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            var spec = signature.Outputs[indices[i]];
            var actual = values[i].GetTensorTypeAndShape();
            if (actual.ElementCount * Math.Max(spec.Type.Size(), 1) > Array.MaxLength)
            {
                throw new InferenceException($"output '{spec.Name}' of shape {TensorSpec.Text(actual.Shape)} is larger than an answer can be");
            }
            _outputs[i] = new Output(spec, values[i], actual.Shape, (int)actual.ElementCount, Pointer(spec, values[i]));
        }
    }

    public int Count => _outputs.Length;

    /// <summary>Whether every output has this many rows, so that each request of the batch can be given its own.</summary>
    public bool HasRows(long rows) => Array.TrueForAll(_outputs, output => output.Shape.Length > 0 && output.Shape[0] == rows);

    public OutputTensor Whole(int index)
    {
        var output = _outputs[index];
        return new OutputTensor(output.Spec, output.Value, output.Data, output.Shape, 0, output.Elements);
    }

    public OutputTensor Rows(int index, int first, int count)
    {
        var output = _outputs[index];
        var perRow = output.Shape[0] == 0 ? 0 : output.Elements / (int)output.Shape[0];
        long[] shape = [count, .. output.Shape.AsSpan(1)];
        return new OutputTensor(output.Spec, output.Value, output.Data, shape, first * perRow, count * perRow);
    }

    public void Hold() => Interlocked.Increment(ref _holders);

    public void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _memory.Dispose();
        }
    }

    // ONNX Runtime's memory: it does not move.
    private static unsafe nint Pointer(TensorSpec spec, OrtValue value) => spec.Type == DataType.Bytes
        ? 0
        : (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(value.GetTensorMutableRawData()));

    private readonly record struct Output(TensorSpec Spec, OrtValue Value, long[] Shape, int Elements, nint Data);
}
