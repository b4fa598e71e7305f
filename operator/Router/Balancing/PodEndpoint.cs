namespace ModelOperator.Router.Balancing;

/// <summary>
/// A ready pod of a backend. The object lives as long as the address stays in the route, over all changes of the
/// route, so that its count of requests is right.
/// </summary>
/// <param name="address">Scheme, host and port, without a slash at the end.</param>
internal sealed class PodEndpoint(string address)
{
    private int _inFlight;

    public string Address { get; } = address;

    /// <summary>Requests that it was sent by this router and has not answered yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <inheritdoc/>
    public override string ToString() => Address;
}
