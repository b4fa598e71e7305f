using ModelOperator.Benchmarks.Figures;
using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>The same inference over gRPC and over REST with binary tensors, by one client that speaks both.</summary>
internal sealed class GrpcBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int WarmUpSeconds = 5;
    private const int Connections = 32;
    private const string Method = "/inference.GRPCInferenceService/ModelInfer";

    public string Name => "serving.grpc";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        if (!ChildProcess.IsInstalled(H2Load.Program))
        {
            report.Progress("nothing is measured: h2load is missing, the client (Debian: apt install nghttp2-client)");
            return;
        }
        var directory = Directory.CreateTempSubdirectory("serving-bench-").FullName;
        try
        {
            var (grpcBody, restBody) = (Path.Combine(directory, "grpc"), Path.Combine(directory, "rest"));
            await File.WriteAllBytesAsync(grpcBody, DigitRequest.Grpc, cancellationToken);
            await File.WriteAllBytesAsync(restBody, DigitRequest.Binary, cancellationToken);
            using var server = await ModelServerProcess.StartAsync(DigitRequest.Model, Repository.Digits, cancellationToken);
            var address = new Uri($"http://127.0.0.1:{server.GrpcPort}{Method}");
            await CheckAsync(address, cancellationToken);

            Task<H2Load> GrpcAsync(int seconds) => H2Load.RunAsync(
                address, http2: true, grpcBody, ["content-type: application/grpc", "te: trailers"], Connections, seconds, cancellationToken);
            Task<H2Load> RestAsync(int seconds) => H2Load.RunAsync(
                server.Infer, http2: false, restBody,
                ["content-type: application/octet-stream", $"{DigitRequest.JsonLengthHeader}: {DigitRequest.BinaryHead.Length}"],
                Connections, seconds, cancellationToken);

            await GrpcAsync(WarmUpSeconds);
            await RestAsync(WarmUpSeconds);
            var (grpc, rest) = (new List<(double PerSecond, double Processor)>(), new List<(double PerSecond, double Processor)>());
            for (var round = 0; round < Rounds; round++)
            {
                grpc.Add(await TimedAsync(server.Process, () => GrpcAsync(Seconds)));
                rest.Add(await TimedAsync(server.Process, () => RestAsync(Seconds)));
            }
            foreach (var (name, runs) in ((string, List<(double PerSecond, double Processor)>)[])[("grpc", grpc), ("rest", rest)])
            {
                report.Add($"serving.grpc.{name}.throughput", runs.Select(run => run.PerSecond).Median(), "requests/s");
                report.Add($"serving.grpc.{name}.processor", runs.Select(run => run.Processor).Median(), "us/request");
            }
            report.Add("serving.grpc.throughput-to-rest", grpc.Zip(rest).Select(pair => pair.First.PerSecond / pair.Second.PerSecond).Median(), "", Target.AtLeast(0.6));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(double PerSecond, double Processor)> TimedAsync(ChildProcess server, Func<Task<H2Load>> run)
    {
        var before = server.ProcessorTime;
        var result = await run();
        return (result.PerSecond, (server.ProcessorTime - before).TotalMicroseconds / result.Requests);
    }

    // The client sees HTTP's status only, which is 200 for a refused call as well.
    private static async Task CheckAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(DigitRequest.Grpc) { Headers = { ContentType = new("application/grpc") } },
        };
        request.Headers.TE.Add(new("trailers"));
        using var response = await http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.TrailingHeaders.TryGetValues("grpc-status", out var status) || status.Single() != "0" || answer.Length < 40)
        {
            throw new InvalidOperationException($"{address} did not answer a call as it should: {(int)response.StatusCode} {response.TrailingHeaders}{response.Headers}");
        }
    }
}
