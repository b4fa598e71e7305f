namespace ModelOperator.Serving.Inference;

/// <summary>The answer to one request; disposing it lets the memory of its outputs go.</summary>
internal sealed class InferenceResult : IDisposable
{
    private readonly OutputTensor[] _outputs;
    private RunOutputs? _run;

    /// <summary>All of a run; takes over the caller's hold.</summary>
    public InferenceResult(RunOutputs run)
    {
        _run = run;
        _outputs = new OutputTensor[run.Count];
        for (var i = 0; i < _outputs.Length; i++)
        {
            _outputs[i] = run.Whole(i);
        }
    }

    /// <summary>Some rows of a batch; takes over the caller's hold.</summary>
    public InferenceResult(RunOutputs run, int firstRow, int rows)
    {
        _run = run;
        _outputs = new OutputTensor[run.Count];
        for (var i = 0; i < _outputs.Length; i++)
        {
            _outputs[i] = run.Rows(i, firstRow, rows);
        }
    }

    /// <summary>In the order of <see cref="InferenceRequest.Outputs"/>.</summary>
    public ReadOnlySpan<OutputTensor> Outputs => _outputs;

    public void Dispose() => Interlocked.Exchange(ref _run, null)?.LetGo();
}
