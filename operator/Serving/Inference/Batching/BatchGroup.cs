namespace ModelOperator.Serving.Inference.Batching;

/// <summary>Requests that may share a batch: those that want the same outputs and whose inputs differ in the first dimension alone.</summary>
internal sealed class BatchGroup(InferenceRequest first)
{
    private readonly int[] _outputs = first.Outputs;
    private readonly long[][] _shapes = Array.ConvertAll(first.Inputs, input => input!.Shape);

    public LinkedList<PendingRequest> Waiting { get; } = new();

    public int Rows { get; set; }

    public PendingRequest Oldest => Waiting.First!.Value;

    public bool Takes(InferenceRequest request)
    {
        for (var i = 0; i < _shapes.Length; i++)
        {
            var shape = request.Inputs[i]!.Shape;
            if (shape.Length != _shapes[i].Length || !shape.AsSpan(1).SequenceEqual(_shapes[i].AsSpan(1)))
            {
                return false;
            }
        }
        return request.Outputs.AsSpan().SequenceEqual(_outputs);
    }
}
