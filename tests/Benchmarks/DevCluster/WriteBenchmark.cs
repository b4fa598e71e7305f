using System.Diagnostics;
using ModelOperator.Benchmarks.Figures;

namespace ModelOperator.Benchmarks.DevCluster;

/// <summary>How many objects the API server creates in a second for clients that do not wait for each other.</summary>
internal sealed class WriteBenchmark : IBenchmark
{
    private const int Clients = 32;
    private const int WarmUp = 4_000;
    private const int Objects = 20_000;

    public string Name => "devcluster.writes";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        await using var cluster = await DevClusterProcess.StartAsync(cancellationToken, "--no-node");
        using var client = cluster.Connect();
        await CreateAsync(client, "warm", WarmUp, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await CreateAsync(client, "object", Objects, cancellationToken);
        report.Add("devcluster.writes.creates", Objects / Stopwatch.GetElapsedTime(started).TotalSeconds, "1/s", Target.AtLeast(2000));
        report.Add("devcluster.writes.memory_at_24000_objects", cluster.ResidentMegabytes, "MB");
    }

    public static async Task CreateAsync(HttpClient client, string prefix, int count, CancellationToken cancellationToken)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var body = $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{prefix}}}-{{{i}}}","labels":{"app":"bench"}},"data":{"at":"0","text":"{{{new string('x', 256)}}}"}}""";
                await DevClusterProcess.SendAsync(client, HttpMethod.Post, "/api/v1/namespaces/default/configmaps", body, "application/json", cancellationToken);
            }
        }));
    }
}
