using System.Diagnostics;
using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>How many pods of each model the API said were ready, and when it said that none was.</summary>
internal sealed class Readiness
{
    // What the API says reaches routers and this test at different times.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<string>> _ready = [];
    private readonly Dictionary<string, int> _losses = [];
    private readonly Dictionary<string, List<(TimeSpan From, TimeSpan Until)>> _gaps = [];

    public Readiness(IInformer<V1EndpointSlice> slices, Stopwatch clock)
    {
        _clock = clock;
        slices.AddHandler(change => Take(change.Object, change.Type == WatchEventType.Deleted));
    }

    /// <summary>The addresses of a Service's ready pods.</summary>
    public IReadOnlyList<string> PodsOf(string service)
    {
        lock (_lock)
        {
            return _ready.GetValueOrDefault(service, []);
        }
    }

    /// <summary>How often a Service has lost a ready pod.</summary>
    public int LossesOf(string service)
    {
        lock (_lock)
        {
            return _losses.GetValueOrDefault(service);
        }
    }

    /// <summary>Whether a model had a ready pod all the time that a request was under way, and shortly before and after.</summary>
    public bool HadPods(string service, Ask ask)
    {
        lock (_lock)
        {
            return _gaps.GetValueOrDefault(service, []).TrueForAll(gap => ask.EndedAt < gap.From - Margin || ask.SentAt > gap.Until + Margin);
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join("; ", _ready.Select(one => $"{one.Key}: {string.Join(' ', one.Value)}"));
        }
    }

    private void Take(V1EndpointSlice slice, bool isGone)
    {
        if (slice.Metadata.Labels?.TryGetValue(LabelNames.ServiceName, out var service) != true)
        {
            return;
        }

        lock (_lock)
        {
            var before = _ready.GetValueOrDefault(service!, []);
            List<string> now = isGone ? [] : [.. slice.Endpoints.Where(endpoint => endpoint.Conditions?.Ready != false).Select(endpoint => endpoint.Addresses[0])];
            _ready[service!] = now;
            _losses[service!] = _losses.GetValueOrDefault(service!) + before.Except(now).Count();
            var gaps = _gaps.TryGetValue(service!, out var known) ? known : _gaps[service!] = [];
            if (before.Count > 0 && now.Count == 0)
            {
                gaps.Add((_clock.Elapsed, TimeSpan.MaxValue - Margin));
            }
            else if (before.Count == 0 && now.Count > 0 && gaps.Count > 0)
            {
                gaps[^1] = (gaps[^1].From, _clock.Elapsed);
            }
        }
    }
}
