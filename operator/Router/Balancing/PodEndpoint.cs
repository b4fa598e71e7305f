using ModelOperator.Router.Forwarding.Http1;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Balancing;

/// <summary>
/// A ready pod of a backend. The object lives as long as the address stays in the route, over all changes of the
/// route, so that its count of requests is right and its failures are not forgotten.
/// </summary>
/// <param name="address">Scheme, host and port, without a slash at the end.</param>
/// <param name="grpcAddress">The same for gRPC; null when the pod does not speak it.</param>
internal sealed class PodEndpoint(string address, string? grpcAddress = null)
{
    private readonly Lock _judging = new();
    private int _inFlight;
    private PodHealth _health;
    private volatile bool _isSuspect;
    private PodConnections? _connections;

    public string Address { get; } = address;

    public string? GrpcAddress { get; } = grpcAddress;

    /// <summary>The connections to it that wait for a request.</summary>
    public PodConnections Connections =>
        _connections ?? LazyInitializer.EnsureInitialized(ref _connections, () => new PodConnections(Address[(Address.LastIndexOf('/') + 1)..]));

    /// <summary>Requests that it was sent by this router and has not answered yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Closes the connections that wait.</summary>
    public void CloseIdle() => Volatile.Read(ref _connections)?.CloseIdle();

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>The part of its share that it gets; see <see cref="PodHealth.Share"/>.</summary>
    public double Share(TimeSpan now)
    {
        if (!_isSuspect)
        {
            return 1;
        }
        lock (_judging)
        {
            return _health.Share(now);
        }
    }

    /// <summary>Takes in how a request ended.</summary>
    /// <returns>Whether it was ejected for it.</returns>
    public bool Observe(AttemptOutcome outcome, TimeSpan now)
    {
        var failed = outcome is AttemptOutcome.Error or AttemptOutcome.Timeout;
        if (outcome == AttemptOutcome.Canceled || (!failed && !_isSuspect))
        {
            return false;
        }
        lock (_judging)
        {
            var before = _health.Ejections;
            _health = failed ? _health.AfterFailure(now) : _health.AfterSuccess(now);
            _isSuspect = _health != default;
            return _health.Ejections > before;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Address;
}
