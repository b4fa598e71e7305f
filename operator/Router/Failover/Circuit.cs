using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Failover;

/// <summary>Holds the state of one candidate under one generation of its route. Any number of threads may tell outcomes.</summary>
internal sealed class Circuit
{
    private readonly Lock _writing = new();
    private CircuitState _state;
    private volatile bool _isOpen;

    public bool IsOpen => _isOpen;

    /// <summary>Takes the outcome of a live request in.</summary>
    /// <returns>Whether this one opened it.</returns>
    public bool Observe(AttemptOutcome outcome)
    {
        if (_isOpen || outcome == AttemptOutcome.Canceled)
        {
            return false;
        }
        lock (_writing)
        {
            var before = _state.IsOpen;
            _state = _state.After(outcome is AttemptOutcome.Error or AttemptOutcome.Timeout);
            _isOpen = _state.IsOpen;
            return _isOpen && !before;
        }
    }
}
