using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Probes;

/// <summary>Asks a container.</summary>
internal sealed class ProbeExecutor(ProcessLauncher launcher, TimeProvider time) : IDisposable
{
    private const int MaxBodyQuoted = 200;

    // As kubelet: every probe is a connection of its own, no redirects followed, certificates not looked at.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        UseCookies = false,
        UseProxy = false,
#pragma warning disable CA5359 // A probe checks health, not identity: kubelet does not verify either.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "kube-probe/1.36" }, { "Accept", "*/*" } },
    };

    private readonly HttpClient _grpc = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Asks once, within the probe's timeout.</summary>
    public async Task<ProbeOutcome> ProbeAsync(V1Probe probe, ProbeTarget target, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Max(1, probe.TimeoutSeconds ?? 1)), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return probe switch
            {
                { HttpGet: { } http } => await GetAsync(http, target, both.Token),
                { TcpSocket: { } tcp } => await ConnectAsync(EndPointOf(tcp.Host, tcp.Port, target), both.Token),
                { Grpc: { } grpc } => await GrpcHealth.CheckAsync(_grpc, EndPointOf(null, grpc.Port.ToString(CultureInfo.InvariantCulture), target), grpc.Service ?? "", both.Token),
                { Exec.Command: { } command } => await RunAsync(command, target, both.Token),
                _ => new ProbeOutcome(false, "a probe names one of httpGet, tcpSocket, grpc and exec"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeOutcome(false, $"no answer within {probe.TimeoutSeconds ?? 1}s");
        }
        catch (HttpRequestException e)
        {
            return new ProbeOutcome(false, e.Message, e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused });
        }
        catch (Exception e) when (e is SocketException or FormatException or IOException or UriFormatException)
        {
            return new ProbeOutcome(false, e.Message, e is SocketException { SocketErrorCode: SocketError.ConnectionRefused });
        }
    }

    /// <summary>Where a network probe connects to; null for a command.</summary>
    public static DnsEndPoint? EndPointOf(V1Probe probe, ProbeTarget target) => probe switch
    {
        { HttpGet: { } http } => EndPointOf(http.Host, http.Port, target),
        { TcpSocket: { } tcp } => EndPointOf(tcp.Host, tcp.Port, target),
        { Grpc: { } grpc } => EndPointOf(null, grpc.Port.ToString(CultureInfo.InvariantCulture), target),
        _ => null,
    };

    /// <summary>Whether something listens there.</summary>
    public static async Task<bool> ListensAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        try
        {
            return (await ConnectAsync(endPoint, cancellationToken)).Passed;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _grpc.Dispose();
    }

    private static DnsEndPoint EndPointOf(string? host, IntstrIntOrString? port, ProbeTarget target)
    {
        var number = port?.AsInteger()
            ?? target.Container.Ports?.FirstOrDefault(p => p.Name == port?.Value)?.ContainerPort
            ?? throw new FormatException($"container {target.Container.Name} has no port named \"{port?.Value}\"");
        return new DnsEndPoint(host is { Length: > 0 } ? host : target.Address.ToString(), number);
    }

    private async Task<ProbeOutcome> GetAsync(V1HTTPGetAction get, ProbeTarget target, CancellationToken cancellationToken)
    {
        var endPoint = EndPointOf(get.Host, get.Port, target);
        var path = get.Path is { Length: > 0 } given ? given : "/";
        var scheme = (get.Scheme ?? "HTTP").ToLowerInvariant();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"{scheme}://{endPoint.Host}:{endPoint.Port}{(path.StartsWith('/') ? "" : "/")}{path}"));
        foreach (var header in get.HttpHeaders ?? [])
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if ((int)response.StatusCode is >= 200 and < 400)
        {
            return new ProbeOutcome(true);
        }

        using var body = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var quoted = new char[MaxBodyQuoted];
        var read = await body.ReadBlockAsync(quoted, cancellationToken);
        return new ProbeOutcome(false, $"HTTP probe failed with statuscode: {(int)response.StatusCode} {new string(quoted, 0, read).Trim()}".TrimEnd());
    }

    private static async Task<ProbeOutcome> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new ProbeOutcome(true);
    }

    private async Task<ProbeOutcome> RunAsync(IList<string> command, ProbeTarget target, CancellationToken cancellationToken)
    {
        var spec = target.Exec(command);
        var process = await launcher.StartAsync(spec);
        try
        {
            var code = await process.Exit.WaitAsync(cancellationToken);
            return code == 0 ? new ProbeOutcome(true) : new ProbeOutcome(false, $"command ended with exit code {code}");
        }
        finally
        {
            process.Send(Signal.Kill);
        }
    }
}
