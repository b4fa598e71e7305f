using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.TestSupport.Faults;

namespace ModelOperator.Soak;

/// <summary>The real informer and controller before an API that misbehaves, 1,000 objects that change, and the checks.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private const int Objects = 1000;
    private const int ChangesPerTick = 5;

    // Longer than the longest backoff.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Reckoning = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly TextWriter _output;
    private readonly FaultyApi _api;
    private readonly FaultyLink _link;
    private readonly KubernetesClient _client;
    private readonly SharedInformers _informers;
    private readonly IInformer<V1ConfigMap>[] _caches;
    private readonly SeenObjects _seen = new();
    private readonly ControllerRunner<V1ConfigMap> _runner;
    private readonly Troublemaker _trouble;
    private readonly MemoryGauge _memory = new();
    private readonly Random _random = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private long _changes;
    private TimeSpan _caughtUpIn;

    private SoakRun(FaultyApi api, TextWriter output)
    {
        _output = output;
        _api = api;
        _link = FaultyLink.StartTo(api.Address);
        _client = new KubernetesClient(new KubernetesClientConfiguration { Server = _link.Via(api.Address) });
        _informers = new SharedInformers(_client, Clock, NullLoggerFactory.Instance);
        // One takes its first objects, and after an expired version all of them, from a stream, the other from a list.
        _caches = [_informers.Get<V1ConfigMap>(), _informers.Get<V1ConfigMap>(new InformerOptions { StreamsInitialObjects = false })];
        _runner = new ControllerRunner<V1ConfigMap>(
            _seen, _informers, new ControllerOptions { Workers = 4 }, Clock, NullLogger<ControllerRunner<V1ConfigMap>>.Instance);
        _trouble = new Troublemaker(api, _link);
    }

    public static async Task<SoakRun> StartAsync(TextWriter output) => new(await FaultyApi.StartAsync(), output);

    /// <exception cref="SoakViolationException">Something was lost, or memory grew.</exception>
    public async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Objects; i++)
        {
            _api.Store.Put(Key(i), "0");
        }

        _running = Task.WhenAll(_informers.RunAsync(_stop.Token), _runner.RunAsync(_stop.Token));
        var start = Clock.GetTimestamp();
        var nextStrike = TimeSpan.FromSeconds(1);
        var nextCheck = Report;
        var nextReckoning = Reckoning;
        while (Clock.GetElapsedTime(start) is var elapsed && elapsed < duration)
        {
            Change();
            if (elapsed >= nextStrike)
            {
                _trouble.Strike();
                nextStrike = elapsed + TimeSpan.FromSeconds(1);
            }

            if (elapsed >= nextCheck)
            {
                if (elapsed >= nextReckoning)
                {
                    await CatchUpAsync(cancellationToken);
                    _memory.Measure(isSettled: elapsed >= Reckoning);
                    nextReckoning = Clock.GetElapsedTime(start) + Reckoning;
                }

                Tell(elapsed);
                nextCheck = elapsed + Report;
            }

            await Task.Delay(Tick, Clock, cancellationToken);
        }

        await CatchUpAsync(cancellationToken);
        _memory.Measure(isSettled: duration >= Reckoning);
        Tell(duration);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _runner.Dispose();
        _client.Dispose();
        await _link.DisposeAsync();
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    private static string Key(int number) => $"soak/object-{number:0000}";

    private void Change()
    {
        for (var i = 0; i < ChangesPerTick; i++)
        {
            var key = Key(_random.Next(Objects));
            if (_random.Next(10) == 0)
            {
                _api.Store.Delete(key);
            }
            else
            {
                _api.Store.Put(key, $"{_changes}");
            }

            _changes++;
        }
    }

    // Changes pause; what is there must then be what the caches and the controller know.
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        _trouble.Rest();
        var start = Clock.GetTimestamp();
        while (Difference() is { } difference)
        {
            if (_running.IsCompleted)
            {
                throw new SoakViolationException($"the informer or the controller ended: {_running.Exception?.Message}");
            }

            if (Clock.GetElapsedTime(start) > Patience)
            {
                throw new SoakViolationException(difference);
            }

            await Task.Delay(Tick, Clock, cancellationToken);
        }

        _caughtUpIn = Clock.GetElapsedTime(start);
    }

    private void Tell(TimeSpan elapsed) => _output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"soak: {elapsed.TotalSeconds,4:0} s  {_changes} changes  {_trouble.Resets} resets  {_trouble.Faults} faults  {_api.Calls(ApiCall.List)} lists  {_api.Calls(ApiCall.Watch)} watches  {_seen.Calls} reconciled  caught up in {_caughtUpIn.TotalSeconds:0.00} s  {_memory.Text}"));

    private string? Difference()
    {
        var truth = _api.Store.Snapshot();
        foreach (var (key, (version, value)) in truth)
        {
            var parts = key.Split('/');
            foreach (var cached in _caches.Select(cache => cache.Get(parts[1], parts[0])))
            {
                if (cached?.ResourceVersion() != $"{version}" || cached.Data?["v"] != value)
                {
                    return $"lost update: {key} is at version {version}, a cache has {cached?.ResourceVersion() ?? "nothing"}";
                }
            }

            if (_seen.Versions.GetValueOrDefault(new ObjectKey(parts[0], parts[1])) is var last && last != $"{version}")
            {
                return $"lost update: {key} is at version {version}, the controller last saw {last ?? "nothing"}";
            }
        }

        if (_caches.SelectMany(cache => cache.List()).FirstOrDefault(entity => !truth.ContainsKey(entity.Key().ToString())) is { } ghost)
        {
            return $"lost delete: {ghost.Key()} is gone, a cache still has it";
        }

        return _seen.Versions.Keys.FirstOrDefault(key => !truth.ContainsKey(key.ToString())) is { Name: not null } untold
            ? $"lost delete: {untold} is gone, the controller was not told"
            : null;
    }
}
