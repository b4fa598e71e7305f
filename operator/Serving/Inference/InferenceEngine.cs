namespace ModelOperator.Serving.Inference;

/// <summary>Runs requests on a loaded model, whatever protocol they came by.</summary>
internal sealed class InferenceEngine(LoadedModel model, RunSlots slots, ServingMetrics metrics, TimeProvider time) : IDisposable
{
    public LoadedModel Model { get; } = model;

    public ModelSignature Signature => Model.Signature;

    /// <summary>The request stays the caller's, to be disposed after this returned; so does the answer.</summary>
    /// <exception cref="QueueFullException">Too many wait already.</exception>
    /// <exception cref="DeadlineException">The request's time is over.</exception>
    /// <exception cref="BatchTooLargeException">The request is larger than the largest batch.</exception>
    /// <exception cref="InferenceException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">The caller left while the request waited.</exception>
    public async ValueTask<InferenceResult> RunAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        var queued = time.GetTimestamp();
        var arrived = request.Arrived == 0 ? queued : request.Arrived;
        await slots.EnterAsync(cancellationToken);
        try
        {
            var started = time.GetTimestamp();
            metrics.Queued(time.GetElapsedTime(queued, started));
            if (request.Timeout != Timeout.InfiniteTimeSpan && time.GetElapsedTime(arrived, started) >= request.Timeout)
            {
                throw new DeadlineException($"the request waited until its timeout of {request.Timeout.TotalMilliseconds:0.###} ms was over; it was not run");
            }
            metrics.Ran(request.BatchSize);
            return new InferenceResult(
                Model.Run([.. request.Inputs.Select(input => input!.Value)], [.. request.Outputs.Select(index => Signature.Outputs[index].Name)]),
                request);
        }
        finally
        {
            slots.Leave();
        }
    }

    public void Dispose() => Model.Dispose();
}
