using System.Net;
using System.Net.Sockets;
using ModelOperator.Benchmarks.Figures;

namespace ModelOperator.Benchmarks.Router;

/// <summary>
/// The router beside haproxy and nginx as plain reverse proxies of the same backend, asked by the same client in turns, so
/// that what else the machine does falls on all of them alike.
/// </summary>
internal sealed class ProxyBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 4;
    private const int WarmUpSeconds = 10;
    private const int Connections = 32;

    public string Name => "router.proxy";

    public async Task RunAsync(FigureReport report, CancellationToken cancellationToken)
    {
        if (((string[])["wrk", "nginx"]).Where(program => !ChildProcess.IsInstalled(program)).ToList() is { Count: > 0 } missing)
        {
            report.Progress($"nothing is measured: {string.Join(" and ", missing)} is missing, the client or the backend (Debian: apt install wrk nginx-light haproxy)");
            return;
        }
        if (!ChildProcess.IsInstalled("haproxy"))
        {
            report.Progress("haproxy is missing (Debian: apt install haproxy): no ratio to it is told");
        }

        var directory = Directory.CreateTempSubdirectory("router-bench-").FullName;
        var running = new List<ChildProcess>();
        try
        {
            var script = Path.Combine(directory, "post.lua");
            Wrk.WriteScript(script);
            var backend = FreePort();
            running.Add(StartNginx(directory, "backend", PeerConfigurations.Backend(directory, backend)));
            var peers = StartPeers(directory, backend);
            running.AddRange(peers.Select(peer => peer.Process));
            foreach (var address in peers.Select(peer => peer.Address).Append(new Uri($"http://127.0.0.1:{backend}/")))
            {
                await AnswersAsync(address, cancellationToken);
            }
            report.Progress($"{Connections} connections, {Rounds} rounds of {Seconds} s each after {WarmUpSeconds} s of warming up");
            await LoadAsync(report, script, peers, cancellationToken);
            await QuietAsync(report, script, peers, new Uri($"http://127.0.0.1:{backend}/"), cancellationToken);
        }
        finally
        {
            running.ForEach(process => process.Dispose());
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task LoadAsync(FigureReport report, string script, IReadOnlyList<Peer> peers, CancellationToken cancellationToken)
    {
        foreach (var peer in peers)
        {
            await Wrk.RunAsync(script, peer.Address, Connections, WarmUpSeconds, cancellationToken);
        }
        var rounds = peers.ToDictionary(peer => peer.Name, _ => new List<(Wrk Wrk, double Micros)>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var peer in peers)
            {
                var before = peer.Process.ProcessorTime;
                var run = await Wrk.RunAsync(script, peer.Address, Connections, Seconds, cancellationToken);
                rounds[peer.Name].Add((run, (peer.Process.ProcessorTime - before).TotalMicroseconds / run.Requests));
            }
        }
        foreach (var peer in peers)
        {
            var runs = rounds[peer.Name];
            report.Add($"router.proxy.{peer.Name}.throughput", Median(runs.Select(run => run.Wrk.PerSecond)), "requests/s");
            report.Add($"router.proxy.{peer.Name}.p50", Median(runs.Select(run => run.Wrk.Median.TotalMicroseconds)), "us");
            report.Add($"router.proxy.{peer.Name}.p99", Median(runs.Select(run => run.Wrk.P99.TotalMicroseconds)), "us");
            report.Add($"router.proxy.{peer.Name}.processor", Median(runs.Select(run => run.Micros)), "us/request");
        }
        if (rounds.TryGetValue("haproxy", out var haproxy))
        {
            // Of each round: what slows one of a pair slows the other.
            var pairs = rounds["router"].Zip(haproxy).ToList();
            report.Add("router.proxy.throughput-to-haproxy", Median(pairs.Select(pair => pair.First.Wrk.PerSecond / pair.Second.Wrk.PerSecond)), "", Target.AtLeast(0.8));
            report.Add("router.proxy.p99-to-haproxy", Median(pairs.Select(pair => pair.First.Wrk.P99 / pair.Second.Wrk.P99)), "", Target.AtMost(1.5));
        }
    }

    private static async Task QuietAsync(
        FigureReport report, string script, IReadOnlyList<Peer> peers, Uri backend, CancellationToken cancellationToken)
    {
        var router = peers.First(peer => peer.Name == "router").Address;
        var added = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var direct = await Wrk.RunAsync(script, backend, 1, Seconds, cancellationToken);
            var through = await Wrk.RunAsync(script, router, 1, Seconds, cancellationToken);
            added.Add((through.Median - direct.Median).TotalMicroseconds);
        }
        report.Add("router.proxy.added-median-latency", Median(added), "us", Target.AtMost(150));
    }

    private static List<Peer> StartPeers(string directory, int backend)
    {
        var (router, nginx, haproxy) = (FreePort(), FreePort(), FreePort());
        File.WriteAllText(Path.Combine(directory, "routes.json"), PeerConfigurations.Snapshot(backend));
        File.WriteAllText(Path.Combine(directory, "kubeconfig"), PeerConfigurations.NoCluster);
        List<Peer> peers =
        [
            new("router", new Uri($"http://127.0.0.1:{router}/default/digits/v2/models/digits/infer"), ChildProcess.Start(
                ChildProcess.Built("ModelOperator.Router", "modelrouter"),
                ["--snapshot", Path.Combine(directory, "routes.json"), "--http-port", $"{router}", "--grpc-port", "0", "--metrics-port", "0", "--health-port", "0"],
                ("KUBECONFIG", Path.Combine(directory, "kubeconfig")), ("POD_IP", "127.0.0.1"))),
            new("nginx", new Uri($"http://127.0.0.1:{nginx}/"), StartNginx(directory, "proxy", PeerConfigurations.NginxProxy(directory, nginx, backend))),
        ];
        if (ChildProcess.IsInstalled("haproxy"))
        {
            var file = Path.Combine(directory, "haproxy.cfg");
            File.WriteAllText(file, PeerConfigurations.Haproxy(haproxy, backend));
            peers.Add(new("haproxy", new Uri($"http://127.0.0.1:{haproxy}/"), ChildProcess.Start("haproxy", ["-f", file])));
        }
        return peers;
    }

    private static ChildProcess StartNginx(string directory, string name, string configuration)
    {
        var file = Path.Combine(directory, $"{name}.conf");
        File.WriteAllText(file, configuration);
        return ChildProcess.Start("nginx", ["-p", directory, "-e", $"{directory}/{name}.log", "-c", file]);
    }

    private static async Task AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var response = await http.GetAsync(address, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && attempt < 300 && !cancellationToken.IsCancellationRequested)
            {
                // Not yet.
            }
            if (attempt >= 300)
            {
                throw new InvalidOperationException($"{address} does not answer");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private sealed record Peer(string Name, Uri Address, ChildProcess Process);
}
