using System.Diagnostics;
using System.Threading.Channels;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.Benchmarks.Kubernetes;

/// <summary>Adding, taking and finishing keys, beside a plain channel, which promises nothing of what a work queue does.</summary>
internal sealed class QueueBenchmark : IBenchmark
{
    private const int Keys = 1000;
    private const int Rounds = 2000;

    private static readonly ObjectKey[] All = [.. Enumerable.Range(0, Keys).Select(number => new ObjectKey("default", $"pod-{number}"))];

    public string Name => "kubernetes.queue";

    public Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        using var queue = new WorkQueue<ObjectKey>(TimeProvider.System);
        var (time, allocated) = Measure(() =>
        {
            foreach (var key in All)
            {
                queue.Add(key);
            }

            while (queue.TryTake(out var key))
            {
                queue.Done(key);
            }
        });
        report.Add("kubernetes.queue.allocated", allocated, "B", Target.AtMost(0));
        report.Add("kubernetes.queue.add_take_done", time, "ns");

        var channel = Channel.CreateUnbounded<ObjectKey>();
        (time, _) = Measure(() =>
        {
            foreach (var key in All)
            {
                channel.Writer.TryWrite(key);
            }

            while (channel.Reader.TryRead(out _))
            {
            }
        });
        report.Add("kubernetes.queue.floor_channel", time, "ns");
        return Task.CompletedTask;
    }

    private static (double Nanoseconds, double Bytes) Measure(Action round)
    {
        for (var i = 0; i < Rounds / 4; i++)
        {
            round();
        }

        var best = double.MaxValue;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            round();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Keys);
        }

        return (best, (GC.GetAllocatedBytesForCurrentThread() - before) / ((double)Keys * Rounds));
    }
}
