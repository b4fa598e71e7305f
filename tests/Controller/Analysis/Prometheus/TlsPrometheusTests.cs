using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Judgement.Prometheus;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.Analysis.Prometheus;

/// <summary>A server that speaks TLS, demands a client certificate of its own authority, and tells how the client says who it is.</summary>
internal sealed class TlsPrometheusTests
{
    private static readonly SecretName Name = new("ml", "prom");

    private readonly CertificateOffice _office = new("our authority");
    private readonly CertificateOffice _stranger = new("another authority");
    private FakeCluster _cluster = null!;
    private SecretCredentials _credentials = null!;
    private HttpClient _http = null!;
    private PrometheusClient _client = null!;
    private WebApplication _server = null!;
    private PrometheusServer _prometheus = null!;
    private string? _authorization;

    [SetUp]
    public async Task StartAsync()
    {
        _authorization = null;
        _cluster = new FakeCluster();
        _credentials = new SecretCredentials(_cluster, TimeProvider.System);
        _http = AnalysisServices.CreateHttpClient();
        _client = new PrometheusClient(_http, TimeProvider.System, _credentials);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = _office.Issue("localhost"),
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (certificate, _, _) => _office.Knows(certificate),
        })));
        _server = builder.Build();
        _server.MapPost("/api/v1/query", (HttpRequest request) =>
        {
            _authorization = request.Headers.Authorization;
            return Results.Text(ScriptedPrometheus.Vector(("", "1")), "application/json");
        });
        await _server.StartAsync();
        var port = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        _prometheus = new PrometheusServer(new Uri($"https://localhost:{port}/"), TimeSpan.FromSeconds(30), Name);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _credentials.Dispose();
        _http.Dispose();
    }

    [OneTimeTearDown]
    public void CloseOffices()
    {
        _office.Dispose();
        _stranger.Dispose();
    }

    [TestCase(null, null, null, null)]
    [TestCase("token", "t0ken", null, "Bearer t0ken")]
    [TestCase("username", "u", "p:w", "Basic dTpwOnc=")]
    public async Task A_client_shows_its_certificate_and_whatever_else_its_secret_holds(string? key, string? value, string? password, string? authorization)
    {
        await WriteAsync(_office, _office, key, value, password);

        var result = await QueryAsync();

        Assert.That((result.Series.Single().Samples[0].Value, _authorization), Is.EqualTo((1.0, authorization)));
    }

    [Test]
    public async Task A_certificate_of_another_authority_is_refused_by_the_server()
    {
        await WriteAsync(issuer: _stranger, trusted: _office);

        await Assert.ThatAsync(QueryAsync, Throws.InstanceOf<PrometheusException>().With.Message.Contains("cannot be reached"));
    }

    [Test]
    public async Task A_server_of_another_authority_is_not_trusted()
    {
        await WriteAsync(issuer: _office, trusted: _stranger);

        await Assert.ThatAsync(QueryAsync, Throws.InstanceOf<PrometheusException>().With.Message.Contains("SSL"));
        Assert.That(_authorization, Is.Null);
    }

    private Task<PrometheusResult> QueryAsync() => _client.QueryAsync(_prometheus, "vector(1)", DateTimeOffset.UnixEpoch, CancellationToken.None);

    private Task<V1Secret> WriteAsync(CertificateOffice issuer, CertificateOffice trusted, string? key = null, string? value = null, string? password = null)
    {
        using var certificate = issuer.Issue("operator");
        var data = new Dictionary<string, string?>
        {
            ["tls.crt"] = certificate.ExportCertificatePem(),
            ["tls.key"] = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            ["ca.crt"] = trusted.Pem,
            [key ?? "token"] = value,
            ["password"] = password,
        };
        return _cluster.CreateAsync(new V1Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new V1ObjectMeta { Name = Name.Name, NamespaceProperty = Name.Namespace },
            Data = data.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value!)),
        });
    }
}
