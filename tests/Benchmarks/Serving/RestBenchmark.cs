using ModelOperator.Benchmarks.Figures;
using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>
/// A small model over REST, beside ONNX Runtime alone, a Kestrel endpoint that only moves as many bytes, and the obvious
/// Node.js server. All are asked by the same client in turns, so that what else the machine does falls on all of them alike.
/// </summary>
internal sealed class RestBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int WarmUpSeconds = 5;
    private const int Connections = 32;

    public string Name => "serving.rest";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        if (!ChildProcess.IsInstalled("wrk"))
        {
            report.Progress("nothing is measured: wrk is missing, the client (Debian: apt install wrk)");
            return;
        }
        InProcessFigures(report);
        var directory = Directory.CreateTempSubdirectory("serving-bench-").FullName;
        var running = new List<IDisposable>();
        try
        {
            var contenders = await StartAsync(report, directory, running, cancellationToken);
            report.Progress($"{Rounds} rounds of {Seconds} s for each server after {WarmUpSeconds} s of warming up");
            foreach (var contender in contenders.Values)
            {
                await contender.RunAsync(Connections, WarmUpSeconds, cancellationToken);
            }
            await OneClientAsync(report, contenders, cancellationToken);
            await ManyClientsAsync(report, contenders, cancellationToken);
        }
        finally
        {
            running.ForEach(one => one.Dispose());
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void InProcessFigures(FigureReport report)
    {
        using var session = InProcess.Open(Repository.Digits);
        var rounds = Enumerable.Range(0, Rounds).Select(_ => (
            One: InProcess.Run(session, DigitRequest.Input, DigitRequest.Picture, 1),
            Many: InProcess.Run(session, DigitRequest.Input, DigitRequest.Picture, 32) / 32)).ToList();
        report.Add("serving.in-process.run", rounds.Select(round => round.One).Median(), "us");
        report.Add("serving.in-process.row-of-32", rounds.Select(round => round.Many).Median(), "us");
    }

    private static async Task<Dictionary<string, Contender>> StartAsync(
        FigureReport report, string directory, List<IDisposable> running, CancellationToken cancellationToken)
    {
        var binary = LoadScript.Write(directory, "binary", DigitRequest.Binary, "application/octet-stream", DigitRequest.BinaryHead.Length);
        var json = LoadScript.Write(directory, "json", DigitRequest.Json, "application/json");
        var server = await ModelServerProcess.StartAsync(DigitRequest.Model, Repository.Digits, cancellationToken);
        running.Add(server);
        var contenders = new List<Contender>
        {
            new("binary", server.Process, server.Infer, binary),
            new("json", server.Process, server.Infer, json),
        };

        var port = LocalServers.FreePort();
        var empty = ChildProcess.Start(Environment.ProcessPath!, [EmptyPost.Command, $"{port}"]);
        running.Add(empty);
        var answer = await AnswerLengthAsync(server, cancellationToken);
        var floor = EmptyPost.Address(port, answer);
        await LocalServers.AnswersAsync(() => new HttpRequestMessage(HttpMethod.Post, floor), cancellationToken);
        contenders.Add(new Contender("empty", empty, floor, binary));

        if (await NodeServer.InstallAsync(report, cancellationToken) is { } node)
        {
            port = LocalServers.FreePort();
            var process = NodeServer.Start(node, Repository.Digits, port);
            running.Add(process);
            var address = new Uri($"http://127.0.0.1:{port}/v2/models/digits/infer");
            await LocalServers.AnswersAsync(
                () => new HttpRequestMessage(HttpMethod.Post, address) { Content = Body(DigitRequest.Json, "application/json") }, cancellationToken);
            contenders.Add(new Contender("node", process, address, json));
        }
        return contenders.ToDictionary(contender => contender.Name);
    }

    private static async Task<int> AnswerLengthAsync(ModelServerProcess server, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Infer) { Content = Body(DigitRequest.Binary, "application/octet-stream") };
        request.Headers.Add(DigitRequest.JsonLengthHeader, $"{DigitRequest.BinaryHead.Length}");
        using var response = await http.SendAsync(request, cancellationToken);
        return (await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken)).Length;
    }

    private static ByteArrayContent Body(byte[] bytes, string type) => new(bytes) { Headers = { ContentType = new(type) } };

    private static async Task OneClientAsync(FigureReport report, Dictionary<string, Contender> contenders, CancellationToken cancellationToken)
    {
        var rounds = await InTurnsAsync(contenders, 1, cancellationToken);
        foreach (var (name, runs) in rounds)
        {
            report.Add($"serving.rest.one.{name}.p50", runs.Select(run => run.Median).Median(), "us");
        }
        report.Add(
            "serving.rest.one.binary.over-empty", rounds["binary"].Zip(rounds["empty"]).Select(pair => pair.First.Median - pair.Second.Median).Median(),
            "us", Target.AtMost(30));
    }

    private static async Task ManyClientsAsync(FigureReport report, Dictionary<string, Contender> contenders, CancellationToken cancellationToken)
    {
        var rounds = await InTurnsAsync(contenders, Connections, cancellationToken);
        foreach (var (name, runs) in rounds)
        {
            report.Add($"serving.rest.many.{name}.throughput", runs.Select(run => run.PerSecond).Median(), "requests/s");
            report.Add($"serving.rest.many.{name}.p50", runs.Select(run => run.Median).Median(), "us");
            report.Add($"serving.rest.many.{name}.p99", runs.Select(run => run.P99).Median(), "us");
            report.Add($"serving.rest.many.{name}.processor", runs.Select(run => run.Processor).Median(), "us/request");
        }
        Ratio(report, "binary.throughput-to-empty", rounds["binary"], rounds["empty"], run => run.PerSecond, Target.AtLeast(0.85));
        Ratio(report, "binary.processor-to-empty", rounds["binary"], rounds["empty"], run => run.Processor, null);
        if (rounds.TryGetValue("node", out var node))
        {
            Ratio(report, "json.throughput-to-node", rounds["json"], node, run => run.PerSecond, Target.AtLeast(3));
            Ratio(report, "json.p99-to-node", rounds["json"], node, run => run.P99, Target.AtMost(1));
        }
    }

    // Of each round: what slows one of a pair slows the other.
    private static void Ratio(
        FigureReport report, string name, List<Contender.Round> ours, List<Contender.Round> theirs, Func<Contender.Round, double> value, Target? target)
    {
        var ratio = ours.Zip(theirs).Select(pair => value(pair.First) / value(pair.Second)).Median();
        if (target is { } bound)
        {
            report.Add($"serving.rest.many.{name}", ratio, "", bound);
        }
        else
        {
            report.Add($"serving.rest.many.{name}", ratio, "");
        }
    }

    private static async Task<Dictionary<string, List<Contender.Round>>> InTurnsAsync(
        Dictionary<string, Contender> contenders, int connections, CancellationToken cancellationToken)
    {
        var rounds = contenders.Keys.ToDictionary(name => name, _ => new List<Contender.Round>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, contender) in contenders)
            {
                rounds[name].Add(await contender.RunAsync(connections, Seconds, cancellationToken));
            }
        }
        return rounds;
    }
}
