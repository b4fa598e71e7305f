namespace ModelOperator.Serving.Inference.Batching;

/// <summary>Requests that go to the model together, in the order in which they came; the first leads. It holds a slot until it has run.</summary>
internal sealed class Batch(List<PendingRequest> members)
{
    public List<PendingRequest> Members { get; } = members;

    public PendingRequest Leader { get; } = members[0];
}
