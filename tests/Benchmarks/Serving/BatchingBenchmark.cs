using ModelOperator.Benchmarks.Figures;
using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>
/// A model whose weights have to come from memory for every run, asked by many clients for a row each: with batching and
/// without, in turns.
/// </summary>
internal sealed class BatchingBenchmark : IBenchmark
{
    private const int Width = 64;
    private const int Hidden = 2048;
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int Connections = 32;

    public string Name => "serving.batching";

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
            InProcessFigures(report, path);
            var request = new RowRequest(Width);
            var script = LoadScript.Write(directory, "row", request.Body, "application/octet-stream", request.JsonLength);

            using var single = await ModelServerProcess.StartAsync("layers", path, cancellationToken, ModelServerProcess.Batching(1));
            using var batched = await ModelServerProcess.StartAsync("layers", path, cancellationToken, ModelServerProcess.Batching(Connections));
            Contender[] contenders =
            [
                new("single", single.Process, single.Infer, script), new("batched", batched.Process, batched.Infer, script),
            ];
            report.Progress($"three layers of {Hidden} and a row of {Width}, {Connections} clients, {Rounds} rounds of {Seconds} s each");
            var rounds = contenders.ToDictionary(contender => contender.Name, _ => new List<Contender.Round>());
            for (var round = -1; round < Rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    var run = await contender.RunAsync(Connections, Seconds, cancellationToken);
                    // The first one warms up.
                    if (round >= 0)
                    {
                        rounds[contender.Name].Add(run);
                    }
                }
            }
            foreach (var (name, runs) in rounds)
            {
                report.Add($"serving.batching.{name}.throughput", runs.Select(run => run.PerSecond).Median(), "requests/s");
                report.Add($"serving.batching.{name}.p99", runs.Select(run => run.P99).Median(), "us");
            }
            report.Add(
                "serving.batching.size",
                await batched.MetricAsync("modelserver_batch_size_sum", cancellationToken) / await batched.MetricAsync("modelserver_batch_size_count", cancellationToken),
                "requests/run");
            var pairs = rounds["batched"].Zip(rounds["single"]).ToList();
            report.Add("serving.batching.throughput-to-single", pairs.Select(pair => pair.First.PerSecond / pair.Second.PerSecond).Median(), "", Target.AtLeast(3));
            report.Add("serving.batching.p99-to-single", pairs.Select(pair => pair.First.P99 / pair.Second.P99).Median(), "", Target.AtMost(1));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void InProcessFigures(FigureReport report, string path)
    {
        using var session = InProcess.Open(path);
        var row = Enumerable.Range(0, Width).Select(i => (float)(i % 2)).ToArray();
        foreach (var rows in (int[])[1, Connections])
        {
            report.Add($"serving.batching.in-process.run-of-{rows}", InProcess.Run(session, LayeredNetwork.Input, row, rows), "us");
        }
    }
}
