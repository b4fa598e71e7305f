using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Benchmarks.Kubernetes;

/// <summary>10,000 pods: how long an informer takes to have them, by stream and by list over HTTP, what they cost in memory and, when nothing happens, in time.</summary>
internal sealed class CacheBenchmark : IBenchmark
{
    private const int Pods = 10_000;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);

    public string Name => "kubernetes.cache";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        await using var server = await PodServer.StartAsync(Pods);

        // The first run also compiles the code.
        var before = Memory.Live();
        var first = await SyncAsync(server, streams: true, async informer =>
        {
            report.Add("kubernetes.cache.live_heap_per_pod", (Memory.Live() - before) / (double)Pods, "B", Target.AtMost(10 * 1024));
            await IdleAsync(report, server, cancellationToken);
            GC.KeepAlive(informer);
        });
        report.Add("kubernetes.cache.sync_first", first, "s", Target.AtMost(2));
        report.Add("kubernetes.cache.sync_streamed", await SyncAsync(server, streams: true, _ => Task.CompletedTask), "s", Target.AtMost(2));
        report.Add("kubernetes.cache.sync_listed", await SyncAsync(server, streams: false, _ => Task.CompletedTask), "s", Target.AtMost(2));
    }

    private static async Task<double> SyncAsync(PodServer server, bool streams, Func<IInformer<V1Pod>, Task> then)
    {
        using var client = server.CreateClient();
        using var stop = new CancellationTokenSource();
        var informer = new Informer<V1Pod>(client, new InformerOptions { StreamsInitialObjects = streams }, TimeProvider.System, NullLogger.Instance);
        informer.AddHandler(_ => { });
        var start = Stopwatch.GetTimestamp();
        var running = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(stop.Token);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await then(informer);
        await stop.CancelAsync();
        await running;
        return took;
    }

    private static async Task IdleAsync(FigureReport report, PodServer server, CancellationToken cancellationToken)
    {
        report.Progress($"idle for {IdleTime.TotalSeconds:0} s");
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        while (Stopwatch.GetElapsedTime(start) < IdleTime)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
            server.SendBookmark(Pods);
        }

        report.Add("kubernetes.cache.idle_writes", server.Writes, "requests", Target.AtMost(0));
        report.Add(
            "kubernetes.cache.idle_core", 100 * (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(start), "%", Target.AtMost(1));
    }
}
