using System.Collections.Immutable;
using System.Diagnostics;
using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>The routers as a Service has them: those that the API says are ready, in turn; while it is away, those that it said last.</summary>
internal sealed class Fleet
{
    private readonly Stopwatch _clock;
    private ImmutableArray<string> _ready = [];
    private ImmutableDictionary<string, Death> _deaths = ImmutableDictionary<string, Death>.Empty;
    private int _turn;

    public Fleet(IInformer<V1EndpointSlice> slices, Stopwatch clock)
    {
        _clock = clock;
        slices.AddHandler(_ => Take(slices.List("modeloperator-system")));
    }

    /// <summary>The ready ones.</summary>
    public ImmutableArray<string> Ready => _ready;

    /// <summary>The one whose turn it is.</summary>
    public string Next()
    {
        var ready = _ready;
        return ready[(int)((uint)Interlocked.Increment(ref _turn) % (uint)ready.Length)];
    }

    /// <summary>Notes that a router is about to be killed: what is under way there may fail until it is ready again.</summary>
    public void Kill(string router) => ImmutableInterlocked.AddOrUpdate(ref _deaths, router, new Death(_clock.Elapsed, null), (_, _) => new Death(_clock.Elapsed, null));

    /// <summary>Notes that a killed router answers again.</summary>
    public void Revive(string router) => ImmutableInterlocked.AddOrUpdate(
        ref _deaths, router, _ => throw new InvalidOperationException($"{router} was not killed"), (_, death) => death with { Until = _clock.Elapsed });

    /// <summary>Whether it was killed and does not answer yet.</summary>
    public bool IsDown(string router) => _deaths.TryGetValue(router, out var death) && death.Until is null;

    /// <summary>Whether a request was at a router that was killed meanwhile, or sent to it before the Service knew.</summary>
    public bool WasKilledUnder(Ask ask) =>
        _deaths.TryGetValue(ask.Router, out var death) && ask.EndedAt >= death.From && (death.Until is not { } until || ask.SentAt <= until);

    private void Take(IEnumerable<V1EndpointSlice> slices)
    {
        var ready = slices
            .Where(slice => slice.Metadata.Labels?.TryGetValue(LabelNames.ServiceName, out var service) == true && service == "modelrouter")
            .SelectMany(slice => slice.Endpoints)
            .Where(endpoint => endpoint.Conditions?.Ready != false)
            .Select(endpoint => endpoint.Addresses[0])
            .Distinct();
        // A Service without endpoints refuses connections; the last known ones refuse as well.
        if (ready.ToImmutableArray() is { IsEmpty: false } some)
        {
            _ready = some;
        }
    }

    private sealed record Death(TimeSpan From, TimeSpan? Until);
}
