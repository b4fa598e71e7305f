using ModelOperator.Benchmarks.Figures;
using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>Twice as many requests as the server can answer, at a rate that does not care: those it takes must not get slow.</summary>
internal sealed class OverloadBenchmark : IBenchmark
{
    private const int Width = 64;
    private const int Hidden = 2048;
    private const int Rounds = 3;
    private const int MaxBatch = 32;
    private const int Connections = 32;
    private static readonly TimeSpan RoundDuration = TimeSpan.FromSeconds(5);

    public string Name => "serving.overload";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        if (!ChildProcess.IsInstalled("wrk"))
        {
            report.Progress("nothing is measured: wrk is missing, the client (Debian: apt install wrk)");
            return;
        }
        var directory = Directory.CreateTempSubdirectory("serving-bench-").FullName;
        try
        {
            var path = Path.Combine(directory, "model.onnx");
            LayeredNetwork.Write(path, Width, Hidden, Hidden, Hidden, Width);
            var request = new RowRequest(Width);
            var script = LoadScript.Write(directory, "row", request.Body, "application/octet-stream", request.JsonLength);
            foreach (var (name, batch) in ((string, int)[])[("single", 1), ("batched", MaxBatch)])
            {
                using var server = await ModelServerProcess.StartAsync("layers", path, cancellationToken, ModelServerProcess.Batching(batch));
                await MeasureAsync(report, name, new Contender(name, server.Process, server.Infer, script), request, cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(
        FigureReport report, string name, Contender server, RowRequest request, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        HttpRequestMessage Request() => request.To(server.Address);
        await server.RunAsync(Connections, 3, cancellationToken);
        var (full, twice) = (new List<OpenLoop.Outcome>(), new List<OpenLoop.Outcome>());
        for (var round = 0; round < Rounds; round++)
        {
            // What it can do right now: the machine is not the same in each round.
            var capacity = (await server.RunAsync(Connections, 3, cancellationToken)).PerSecond;
            full.Add(await OpenLoop.RunAsync(http, Request, capacity, RoundDuration, cancellationToken));
            twice.Add(await OpenLoop.RunAsync(http, Request, 2 * capacity, RoundDuration, cancellationToken));
        }
        foreach (var (load, outcomes) in ((string, List<OpenLoop.Outcome>)[])[("at-capacity", full), ("at-twice", twice)])
        {
            report.Add($"serving.overload.{name}.{load}.accepted", outcomes.Select(one => one.AcceptedPerSecond).Median(), "requests/s");
            report.Add($"serving.overload.{name}.{load}.accepted-p99", outcomes.Select(one => one.Accepted.Quantile(0.99)).Median(), "ms");
            report.Add($"serving.overload.{name}.{load}.refused", outcomes.Select(one => one.RefusedShare).Median(), "of 1");
        }
        report.Add($"serving.overload.{name}.broken-connections", full.Concat(twice).Sum(one => one.Failed), "", Target.AtMost(0));
        report.Add($"serving.overload.{name}.refused-p50", twice.Select(one => one.Refused.Median()).Median(), "ms");
        report.Add(
            $"serving.overload.{name}.p99-to-capacity",
            twice.Zip(full).Select(pair => pair.First.Accepted.Quantile(0.99) / pair.Second.Accepted.Quantile(0.99)).Median(), "", Target.AtMost(2));
    }
}
