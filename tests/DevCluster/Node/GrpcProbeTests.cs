using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ModelOperator.DevCluster.Node.Probes;
using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class GrpcProbeTests
{
    // A service that names itself: 0x0A, its length, its name.
    private static readonly byte[] AskedForReady = [0, 0, 0, 0, 7, 0x0A, 5, (byte)'r', (byte)'e', (byte)'a', (byte)'d', (byte)'y'];

    private readonly ProcessLauncher _launcher = new();
    private ProbeExecutor _executor = null!;
    private WebApplication _server = null!;
    private byte _status = 1;
    private byte[] _asked = [];

    [OneTimeSetUp]
    public async Task StartServer()
    {
        _executor = new ProbeExecutor(_launcher, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopServer()
    {
        await _server.DisposeAsync();
        _executor.Dispose();
        _launcher.Dispose();
    }

    [Test]
    public async Task A_serving_service_passes()
    {
        _status = 1;

        Assert.That(await ProbeAsync(PortOf(_server)), Is.EqualTo(new ProbeOutcome(true)));
        Assert.That(_asked, Is.EqualTo(AskedForReady));
    }

    [Test]
    public async Task One_that_does_not_serve_fails_and_says_so()
    {
        _status = 2;

        var outcome = await ProbeAsync(PortOf(_server));

        Assert.That(outcome, Is.EqualTo(new ProbeOutcome(false, "service unhealthy (responded with \"NOT_SERVING\")")));
    }

    [Test]
    public async Task A_closed_port_is_refused()
    {
        using var closed = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        var outcome = await ProbeAsync(port);

        Assert.That((outcome.Passed, outcome.Refused), Is.EqualTo((false, true)));
    }

    private static int PortOf(WebApplication server) => new Uri(server.Urls.First()).Port;

    private Task<ProbeOutcome> ProbeAsync(int port) => _executor.ProbeAsync(
        new V1Probe { Grpc = new V1GRPCAction { Port = port, Service = "ready" }, TimeoutSeconds = 30 },
        new ProbeTarget(new V1Container(), "run", IPAddress.Loopback, _ => throw new NotSupportedException()),
        CancellationToken.None);

    private async Task AnswerAsync(HttpContext context)
    {
        using var asked = new MemoryStream();
        await context.Request.Body.CopyToAsync(asked);
        _asked = asked.ToArray();
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 8, _status });
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
