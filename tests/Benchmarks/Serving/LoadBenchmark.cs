using Microsoft.ML.OnnxRuntime;
using ModelOperator.Benchmarks.Figures;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>How long a model of 100 MB takes to load: verified and warmed up by the server, beside ONNX Runtime's session alone.</summary>
internal sealed class LoadBenchmark : IBenchmark
{
    // 5 layers of 2,240 x 2,240 floats: 100 MB.
    private const int Width = 2240;
    private const int Rounds = 5;

    public string Name => "serving.load";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("serving-bench-").FullName;
        try
        {
            var path = Path.Combine(directory, "model.onnx");
            LayeredNetwork.Write(path, Width, Width, Width, Width, Width, Width);
            report.Progress($"a model of {new FileInfo(path).Length / 1e6:0} MB, {Rounds} rounds in turns");
            var (alone, served) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                var began = TimeProvider.System.GetTimestamp();
                using (InferenceSession session = InProcess.Open(path))
                {
                    alone.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
                }
                using var server = await ModelServerProcess.StartAsync("layers", path, cancellationToken, ("WARMUP_REQUESTS", "0"));
                served.Add(1000 * await server.MetricAsync("modelserver_model_load_seconds", cancellationToken));
            }
            report.Add("serving.load.session", alone.Median(), "ms");
            report.Add("serving.load.server", served.Median(), "ms");
            report.Add("serving.load.to-session", served.Zip(alone).Select(pair => pair.First / pair.Second).Median(), "", Target.AtMost(1.2));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
