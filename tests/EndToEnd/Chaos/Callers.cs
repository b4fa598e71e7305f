using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using ModelOperator.Demo.Traffic;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>
/// Callers in an open loop: requests leave at a fixed rate, whether or not earlier ones have been answered, to the routers in turn.
/// They retry nothing and have a patience that no busy machine wears out, so that a request fails only when nobody answers it.
/// </summary>
internal sealed class Callers : IAsyncDisposable
{
    private const string Path = "/default/chaos/v2/models/digits/infer";
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Fleet _fleet;
    private readonly WeightChanger _weights;
    private readonly IReadOnlyList<HeldOutDigits.Digit> _digits;
    private readonly TimeSpan _interval;
    private readonly Stopwatch _clock;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Ask> _asks = [];
    private readonly List<Task> _underWay = [];
    private readonly Task _loop;
    private volatile Act _act;

    public Callers(Fleet fleet, WeightChanger weights, HeldOutDigits digits, int requestsPerSecond, Stopwatch clock, Act first)
    {
        _fleet = fleet;
        _weights = weights;
        _digits = digits.Digits;
        _interval = TimeSpan.FromSeconds(1.0 / requestsPerSecond);
        _clock = clock;
        _act = first;
        _loop = Task.Run(SendAsync);
    }

    /// <summary>What requests that are sent from now on belong to.</summary>
    public void Begin(Act act) => _act = act;

    /// <summary>How many requests have ended that fit.</summary>
    public int Count(Func<Ask, bool> fits)
    {
        lock (_lock)
        {
            return _asks.Count(fits);
        }
    }

    /// <summary>Sends no more, waits for what is under way, and gives everything.</summary>
    public async Task<IReadOnlyList<Ask>> FinishAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await Task.WhenAll(_underWay);
        return _asks;
    }

    public async ValueTask DisposeAsync()
    {
        await FinishAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        var began = _clock.Elapsed;
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var wait = (_interval * i) - (_clock.Elapsed - began);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!_stop.IsCancellationRequested)
            {
                _underWay.Add(AskAsync(_digits[i % _digits.Count].Request, _act));
            }
        }
    }

    private async Task AskAsync(byte[] request, Act act)
    {
        var router = _fleet.Next();
        var known = _weights.KnownAt(router);
        var sentAt = _clock.Elapsed;
        var (revision, failure) = await AskAsync(router, request);
        var ask = new Ask(act, router, sentAt, _clock.Elapsed, _weights.Since(known), revision, failure);
        lock (_lock)
        {
            _asks.Add(ask);
        }
    }

    private async Task<(string? Revision, string? Failure)> AskAsync(string router, byte[] request)
    {
        try
        {
            using var content = new ByteArrayContent(request) { Headers = { ContentType = Json } };
            using var response = await _http.PostAsync(new Uri($"http://{router}:8000{Path}"), content);
            var body = await response.Content.ReadAsByteArrayAsync();
            if (!response.IsSuccessStatusCode)
            {
                return (null, $"{(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(body).Trim()}");
            }

            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.GetProperty("outputs").GetArrayLength() == 2
                ? (response.Headers.GetValues("x-model-revision").Single(), null)
                : (null, "an answer without label and probabilities");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            return (null, $"{e.Message} {e.InnerException?.Message}".Trim());
        }
    }
}
