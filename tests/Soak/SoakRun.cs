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
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly TextWriter _output;
    private readonly FaultyApi _api;
    private readonly FaultyLink _link;
    private readonly KubernetesClient _client;
    private readonly SharedInformers _informers;
    private readonly IInformer<V1ConfigMap> _informer;
    private readonly SeenObjects _seen = new();
    private readonly ControllerRunner<V1ConfigMap> _runner;
    private readonly Troublemaker _trouble;
    private readonly MemoryGauge _memory = new();
    private readonly Random _random = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private long _changes;

    private SoakRun(FaultyApi api, TextWriter output)
    {
        _output = output;
        _api = api;
        _link = FaultyLink.StartTo(api.Address);
        _client = new KubernetesClient(new KubernetesClientConfiguration { Server = _link.Via(api.Address) });
        _informers = new SharedInformers(_client, Clock, NullLoggerFactory.Instance);
        _informer = _informers.Get<V1ConfigMap>();
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
        var nextCheck = TimeSpan.FromSeconds(10);
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
                await CheckAsync(elapsed, cancellationToken);
                nextCheck = Clock.GetElapsedTime(start) + TimeSpan.FromSeconds(10);
            }

            await Task.Delay(Tick, Clock, cancellationToken);
        }

        await CheckAsync(duration, cancellationToken);
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

    // Changes pause; what is there must then be what the cache and the controller know, and memory what it was.
    private async Task CheckAsync(TimeSpan elapsed, CancellationToken cancellationToken)
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

        _memory.Measure(isSettled: elapsed >= TimeSpan.FromMinutes(1));
        await _output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"soak: {elapsed.TotalSeconds,4:0} s  changes {_changes}  resets {_trouble.Resets}  faults {_trouble.Faults}  lists {_api.Calls(ApiCall.List)}  watches {_api.Calls(ApiCall.Watch)}  reconciled {_seen.Calls}  caught up in {Clock.GetElapsedTime(start).TotalSeconds:0.0} s  {_memory.Text}"));
    }

    private string? Difference()
    {
        var truth = _api.Store.Snapshot();
        var seen = _seen.Versions;
        foreach (var (key, (version, value)) in truth)
        {
            var parts = key.Split('/');
            var cached = _informer.Get(parts[1], parts[0]);
            if (cached?.ResourceVersion() != $"{version}" || cached.Data?["v"] != value)
            {
                return $"lost update: {key} is at version {version}, the cache has {cached?.ResourceVersion() ?? "nothing"}";
            }

            if (seen.GetValueOrDefault(new ObjectKey(parts[0], parts[1])) is var last && last != $"{version}")
            {
                return $"lost update: {key} is at version {version}, the controller last saw {last ?? "nothing"}";
            }
        }

        if (_informer.List().FirstOrDefault(entity => !truth.ContainsKey(entity.Key().ToString())) is { } ghost)
        {
            return $"lost delete: {ghost.Key()} is gone, the cache still has it";
        }

        return seen.Keys.FirstOrDefault(key => !truth.ContainsKey(key.ToString())) is { Name: not null } untold
            ? $"lost delete: {untold} is gone, the controller was not told"
            : null;
    }
}
