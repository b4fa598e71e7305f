using System.Collections.Concurrent;
using System.Text.Json;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>
/// Writes a route with another weight for the candidate every 200 ms, and asks the routers which version they serve. It is the
/// only writer, so what a request may have been split by is known exactly.
/// </summary>
internal sealed class WeightChanger : IAsyncDisposable
{
    /// <summary>The weights, in the order in which they follow each other.</summary>
    public static readonly IReadOnlyList<int> Weights = [10, 50, 1, 75, 25];

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(2);

    private readonly IKubernetesClient _client;
    private readonly Fleet _fleet;
    private readonly string _stable;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<int> _begun = [];
    private readonly SortedList<long, int> _placeOfGeneration = [];
    private readonly ConcurrentDictionary<string, int> _known = new();
    private readonly Task _work;
    private volatile string _candidate;

    /// <param name="client">The cluster.</param>
    /// <param name="fleet">The routers.</param>
    /// <param name="stable">The revision, and Service, of stable.</param>
    /// <param name="candidate">That of the candidate.</param>
    public WeightChanger(IKubernetesClient client, Fleet fleet, string stable, string candidate)
    {
        _client = client;
        _fleet = fleet;
        _stable = stable;
        _candidate = candidate;
        _work = Task.WhenAll(Task.Run(WriteAsync), Task.Run(AskAsync));
    }

    /// <summary>Versions of the route that were written.</summary>
    public int Versions
    {
        get
        {
            lock (_lock)
            {
                return _placeOfGeneration.Count;
            }
        }
    }

    /// <summary>Puts another revision in the candidate's place, with the next write.</summary>
    public void Try(string candidate) => _candidate = candidate;

    /// <summary>The place, among all versions, of one that a router is known to serve; later ones may be served too.</summary>
    public int KnownAt(string router) => _fleet.IsDown(router) ? 0 : _known.GetValueOrDefault(router, 0);

    /// <summary>A router that starts again may serve what it served a while ago.</summary>
    public void Forget(string router) => _known.TryRemove(router, out _);

    /// <summary>Whether every ready router serves a version from after this place.</summary>
    public bool IsServedSince(int place) => _fleet.Ready.All(router => KnownAt(router) > place);

    /// <summary>The place of the version that was begun last.</summary>
    public int Latest
    {
        get
        {
            lock (_lock)
            {
                return _begun.Count - 1;
            }
        }
    }

    /// <summary>The weights from a place on, up to the latest that somebody may follow by now.</summary>
    public PossibleWeights Since(int known)
    {
        lock (_lock)
        {
            var possible = _begun.Skip(known).ToList();
            return new PossibleWeights(possible[0], possible.Min(), possible.Max());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var weight = Weights[i % Weights.Count];
            lock (_lock)
            {
                _begun.Add(weight);
            }

            // While the API is away, the same is tried until it is there again: nobody can tell whether a try that got no
            // answer was obeyed.
            while (await TryWriteAsync(weight) is not { } generation)
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }
            }

            await ((Task)timer.WaitForNextTickAsync(_stop.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long?> TryWriteAsync(int weight)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(WritePatience);
        try
        {
            var written = await _client.ApplyAsync(OwnRoute.Of("chaos", (_stable, _stable), (_candidate, _candidate), weight), fieldManager: "chaos", cancellationToken: patience.Token);
            var generation = written.Metadata.Generation ?? 0;
            lock (_lock)
            {
                _placeOfGeneration[generation] = _begun.Count - 1;
            }

            return generation;
        }
        catch (Exception away) when (away is OperationCanceledException or HttpRequestException or KubernetesException)
        {
            return null;
        }
    }

    private async Task AskAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var latest = Latest;
            await Task.WhenAll(_fleet.Ready.Where(router => KnownAt(router) < latest).Select(AskAsync));
            await Task.Delay(AskInterval, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(string router)
    {
        try
        {
            var text = await _http.GetStringAsync(new Uri($"http://{router}:8081/routes/default/chaos"), _stop.Token);
            using var json = JsonDocument.Parse(text);
            var generation = json.RootElement.GetProperty("generation").GetInt64();
            lock (_lock)
            {
                // The answer to a write may come after a router has followed it.
                var served = _placeOfGeneration.LastOrDefault(one => one.Key <= generation, new KeyValuePair<long, int>(0, 0));
                _known[router] = served.Value;
            }
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            // Killed or on its way out: what is not known widens the range.
        }
    }
}
