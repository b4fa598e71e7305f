using ModelOperator.Benchmarks.Figures;

namespace ModelOperator.Benchmarks.DevCluster;

/// <summary>How long the cluster takes to be ready, and what it takes of memory when nobody uses it, before and after kubectl has read its schemas.</summary>
internal sealed class IdleBenchmark : IBenchmark
{
    private const int Starts = 5;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    // What kubectl explain, apply and get ask for.
    private static readonly string[] Documents = ["/openapi/v2", "/openapi/v3", "/openapi/v3/api/v1", "/openapi/v3/apis/apps/v1", "/api", "/apis", "/api/v1/pods"];

    public string Name => "devcluster.idle";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        var startups = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            await using var cluster = await DevClusterProcess.StartAsync(cancellationToken);
            startups.Add(cluster.Startup.TotalMilliseconds);
        }

        report.Add("devcluster.start.worst", startups.Max(), "ms", Target.AtMost(1500));
        await using var idle = await DevClusterProcess.StartAsync(cancellationToken);
        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        report.Add("devcluster.idle.memory", idle.ResidentMegabytes, "MB", Target.AtMost(150));

        using var client = idle.Connect();
        foreach (var document in Documents)
        {
            await DevClusterProcess.SendAsync(client, HttpMethod.Get, document, null, "", cancellationToken);
        }

        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        report.Add("devcluster.idle.memory_after_kubectl", idle.ResidentMegabytes, "MB", Target.AtMost(150));
    }
}
