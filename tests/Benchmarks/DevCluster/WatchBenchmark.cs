using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Pipelines;
using ModelOperator.Benchmarks.Figures;

namespace ModelOperator.Benchmarks.DevCluster;

/// <summary>
/// 10,000 objects, 100 watchers on connections of their own, 100 writes a second: how long from the moment a write is sent until each
/// watcher has its event.
/// </summary>
internal sealed class WatchBenchmark : IBenchmark
{
    private const int Objects = 10_000;
    private const int Watchers = 100;
    private const int WarmUp = 300;
    private const int Writes = 2_000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "devcluster.watches";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        await using var cluster = await DevClusterProcess.StartAsync(cancellationToken, "--no-node");
        using var writer = cluster.Connect();
        await WriteBenchmark.CreateAsync(writer, "object", Objects, cancellationToken);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var clients = Enumerable.Range(0, Watchers).Select(_ => cluster.Connect()).ToList();
        var watches = await Task.WhenAll(clients.Select(client => OpenAsync(client, patience.Token)));
        var followed = watches.Select(stream => FollowAsync(stream, WarmUp + Writes, patience.Token)).ToList();
        await WriteAsync(writer, patience.Token);
        var latencies = (await Task.WhenAll(followed)).SelectMany(times => times.Skip(WarmUp)).Order().ToList();

        report.Add("devcluster.watches.events", latencies.Count, "events", Target.AtLeast(Watchers * Writes));
        report.Add("devcluster.watches.latency_p50", latencies[latencies.Count / 2], "ms");
        report.Add("devcluster.watches.latency_p99", latencies[latencies.Count * 99 / 100], "ms", Target.AtMost(50));
        report.Add("devcluster.watches.latency_worst", latencies[^1], "ms");
        report.Add("devcluster.watches.memory", cluster.ResidentMegabytes, "MB");
        clients.ForEach(client => client.Dispose());
    }

    private static async Task<Stream> OpenAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var list = await client.GetStringAsync("/api/v1/namespaces/default/configmaps?limit=1", cancellationToken);
        var version = System.Text.Json.Nodes.JsonNode.Parse(list)!["metadata"]!["resourceVersion"];
        var response = await client.GetAsync(
            $"/api/v1/namespaces/default/configmaps?watch=true&resourceVersion={version}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
    }

    // Each write carries the moment it was sent, so that a watcher knows how old its event is.
    private static async Task WriteAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(Pace);
        var writes = new List<Task>();
        for (var i = 0; i < WarmUp + Writes; i++)
        {
            await pace.WaitForNextTickAsync(cancellationToken);
            var body = $$$"""{"data":{"at":"{{{Stopwatch.GetTimestamp()}}}"}}""";
            writes.Add(DevClusterProcess.SendAsync(
                client, HttpMethod.Patch, $"/api/v1/namespaces/default/configmaps/object-{i % Objects}", body, "application/merge-patch+json", cancellationToken));
        }

        await Task.WhenAll(writes);
    }

    private static async Task<List<double>> FollowAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        var latencies = new List<double>(count);
        var reader = PipeReader.Create(stream);
        while (latencies.Count < count)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (System.Buffers.BuffersExtensions.PositionOf(rest, (byte)'\n') is { } end)
            {
                var line = rest.Slice(0, end);
                latencies.Add(Stopwatch.GetElapsedTime(SentAt(line.IsSingleSegment ? line.FirstSpan : System.Buffers.BuffersExtensions.ToArray(line))).TotalMilliseconds);
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        return latencies;
    }

    private static long SentAt(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf("\"at\":\""u8);
        return at >= 0 && Utf8Parser.TryParse(line[(at + 6)..], out long ticks, out _)
            ? ticks
            : throw new InvalidDataException($"an event without the time of its write: {System.Text.Encoding.UTF8.GetString(line[..Math.Min(line.Length, 200)])}");
    }
}
