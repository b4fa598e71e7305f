using Microsoft.ML.OnnxRuntime;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Tests.Inference;

/// <summary>A model that doubles (y) and negates (z) and remembers what it was given; it can be made to wait and to fail.</summary>
internal sealed class FakeSession : IModelSession
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _gate = new(0);
    private int _inside;

    public ModelSignature Signature => Rows.Signature;

    /// <summary>The values of each run, in the order in which they began.</summary>
    public List<float[]> Runs { get; } = [];

    public int MostAtATime { get; private set; }

    /// <summary>Whether runs wait for <see cref="LetOneEnd"/>.</summary>
    public bool Gated { get; init; }

    /// <summary>Values that the model cannot take.</summary>
    public Func<float, bool> FailsOn { get; init; } = _ => false;

    /// <summary>Whether the model adds rows together, so that what it gives has one row.</summary>
    public bool Sums { get; init; }

    /// <summary>Outputs that nobody has let go of.</summary>
    public int Held { get; private set; }

    public Task BegunAsync() => _begun.WaitAsync(TimeSpan.FromSeconds(60));

    public void LetOneEnd() => _gate.Release();

    public RunOutputs Run(InputTensor[] inputs, int[] outputs)
    {
        var values = Rows.Of(inputs[0]);
        lock (_lock)
        {
            Runs.Add(values);
            MostAtATime = Math.Max(MostAtATime, ++_inside);
        }
        _begun.Release();
        if (Gated)
        {
            _gate.Wait();
        }
        lock (_lock)
        {
            _inside--;
            if (values.Any(FailsOn))
            {
                throw new InferenceException("bad value");
            }
            Held++;
        }
        long[] shape = Sums ? [1, 1] : inputs[0].Shape;
        OrtValue[] tensors = Array.ConvertAll(outputs, index => OrtValue.CreateTensorValueFromMemory(
            Sums ? [values.Sum()] : Array.ConvertAll(values, value => index == 0 ? 2 * value : -value), shape));
        return new RunOutputs(Signature, outputs, tensors, new Holder(this, tensors));
    }

    public void Dispose()
    {
    }

    private sealed class Holder(FakeSession session, OrtValue[] tensors) : IDisposable
    {
        public void Dispose()
        {
            lock (session._lock)
            {
                session.Held--;
            }
            Array.ForEach(tensors, tensor => tensor.Dispose());
        }
    }
}
