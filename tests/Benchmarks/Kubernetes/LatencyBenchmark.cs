using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.TestSupport.Samples;

namespace ModelOperator.Benchmarks.Kubernetes;

/// <summary>From the moment the server has an event to the call of the reconciler, over HTTP, at 1,000 events of 6.5 KB per second.</summary>
internal sealed class LatencyBenchmark : IBenchmark
{
    private const int Pods = 1000;
    private const int PerSecond = 1000;
    private const int WarmUp = 3 * PerSecond;
    private const int Events = WarmUp + (10 * PerSecond);

    public string Name => "kubernetes.latency";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        report.Progress("making events");
        var lines = Enumerable.Range(0, Events).Select(i => SamplePods.EventLine("MODIFIED", SamplePods.Json(i % Pods, Pods + 1 + i))).ToArray();
        await using var server = await PodServer.StartAsync(Pods);
        using var client = server.CreateClient();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stamps = new Stamps();
        var informers = new SharedInformers(client, TimeProvider.System, NullLoggerFactory.Instance);
        using var runner = new ControllerRunner<V1Pod>(
            stamps, informers, new ControllerOptions { Workers = 2 }, TimeProvider.System, NullLogger<ControllerRunner<V1Pod>>.Instance);
        var running = Task.WhenAll(informers.RunAsync(stop.Token), runner.RunAsync(stop.Token));
        await informers.WaitForSyncAsync(stop.Token);
        report.Progress($"{Events / PerSecond} s at {PerSecond} events/s");
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Events; i++)
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds * PerSecond < i)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, stop.Token);
            }

            stamps.Sent[i] = Stopwatch.GetTimestamp();
            server.Send(lines[i]);
        }

        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await running;
        var times = stamps.Times();
        report.Add("kubernetes.latency.p50", times[times.Length / 2], "ms");
        report.Add("kubernetes.latency.p99", times[(int)(times.Length * 0.99)], "ms", Target.AtMost(10));
        report.Add("kubernetes.latency.max", times[^1], "ms");
        report.Add("kubernetes.latency.reconciled", times.Length * 100.0 / (Events - WarmUp), "% of events");
    }

    private sealed class Stamps : IEntityController<V1Pod>
    {
        private readonly long[] _seen = new long[Events];

        public long[] Sent { get; } = new long[Events];

        public Task<ReconciliationResult<V1Pod>> ReconcileAsync(V1Pod entity, CancellationToken cancellationToken)
        {
            var now = Stopwatch.GetTimestamp();
            if (long.Parse(entity.ResourceVersion()!) - Pods - 1 is var number and >= 0)
            {
                _seen[number] = now;
            }

            return Task.FromResult(ReconciliationResult<V1Pod>.Success(entity));
        }

        public Task<ReconciliationResult<V1Pod>> DeletedAsync(V1Pod entity, CancellationToken cancellationToken) =>
            Task.FromResult(ReconciliationResult<V1Pod>.Success(entity));

        // In milliseconds, shortest first. An event that the next one of its pod has overtaken was not reconciled.
        public double[] Times() =>
            [.. Enumerable.Range(WarmUp, Events - WarmUp)
                .Where(i => _seen[i] != 0)
                .Select(i => Stopwatch.GetElapsedTime(Sent[i], _seen[i]).TotalMilliseconds)
                .Order()];
    }
}
