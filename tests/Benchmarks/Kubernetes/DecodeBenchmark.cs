using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;
using ModelOperator.TestSupport.Samples;

namespace ModelOperator.Benchmarks.Kubernetes;

/// <summary>Decoding watch events of 6.5 KB, beside a decoder in the shape of KubernetesClient's: a text per line, parsed twice.</summary>
internal sealed class DecodeBenchmark : IBenchmark
{
    private const int Events = 4000;
    private const int Rounds = 7;

    public string Name => "kubernetes.decode";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        for (var i = 0; i < Events; i++)
        {
            all.Write(SamplePods.EventLine("MODIFIED", SamplePods.Json(i, i + 1)));
        }

        var bytes = all.ToArray();
        report.Add("kubernetes.decode.event_size", bytes.Length / (double)Events, "B");
        var (time, allocated) = await MeasureAsync(() => OnePassAsync<V1Pod>(bytes, cancellationToken));
        report.Add("kubernetes.decode.allocated", allocated, "B", Target.AtMost(12 * 1024));
        report.Add("kubernetes.decode.time", time, "us");
        (time, allocated) = await MeasureAsync(() => OnePassAsync<PartialObjectMetadata<V1Pod>>(bytes, cancellationToken));
        report.Add("kubernetes.decode.metadata.allocated", allocated, "B");
        report.Add("kubernetes.decode.metadata.time", time, "us");
        (time, allocated) = await MeasureAsync(() => TwoPassesAsync(bytes));
        report.Add("kubernetes.decode.peer_two_passes.allocated", allocated, "B");
        report.Add("kubernetes.decode.peer_two_passes.time", time, "us");
    }

    private static async Task<(double Microseconds, double Bytes)> MeasureAsync(Func<Task> decode)
    {
        var best = double.MaxValue;
        var bytes = 0.0;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            await decode();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Events);
            bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Events;
        }

        return (best, bytes);
    }

    private static async Task OnePassAsync<T>(byte[] bytes, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        using var stream = new MemoryStream(bytes);
        await foreach (var _ in WatchStreamReader.ReadAsync<T>(stream, onInvalid: null, cancellationToken))
        {
        }
    }

    private static async Task TwoPassesAsync(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        while (await reader.ReadLineAsync() is { } line)
        {
            JsonSerializer.Deserialize<Envelope<JsonElement>>(line, KubernetesJson.Options);
            JsonSerializer.Deserialize<Envelope<V1Pod>>(line, KubernetesJson.Options);
        }
    }

    private sealed record Envelope<T>(string Type, T Object);
}
