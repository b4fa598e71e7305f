using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Judgement.Prometheus;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.Analysis.Prometheus;

internal sealed class SecretCredentialsTests
{
    private static readonly SecretName Name = new("ml", "prom");

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private FakeCluster _cluster = null!;
    private SecretCredentials _credentials = null!;

    [SetUp]
    public void SetUp()
    {
        _cluster = new FakeCluster();
        _credentials = new SecretCredentials(_cluster, _time);
    }

    [TearDown]
    public void TearDown() => _credentials.Dispose();

    [Test]
    public async Task A_token_is_sent_as_bearer_and_a_changed_one_after_a_minute()
    {
        await WriteAsync(("token", "first\n"));
        var first = await _credentials.GetAsync(Name, CancellationToken.None);
        var secret = _cluster.All<V1Secret>().Single();
        secret.Data = new Dictionary<string, byte[]> { ["token"] = "second"u8.ToArray() };
        await _cluster.UpdateAsync(secret);
        var soon = await _credentials.GetAsync(Name, CancellationToken.None);
        _time.Now += TimeSpan.FromMinutes(1);
        var later = await _credentials.GetAsync(Name, CancellationToken.None);

        Assert.That(first.Header!.ToString(), Is.EqualTo("Bearer first"));
        Assert.That((soon.Header!.Parameter, later.Header!.Parameter), Is.EqualTo(("first", "second")));
    }

    [Test]
    public async Task A_user_and_password_are_sent_as_basic()
    {
        await WriteAsync(("username", "u"), ("password", "p:w"));

        Assert.That(
            (await _credentials.GetAsync(Name, CancellationToken.None)).Header!.ToString(),
            Is.EqualTo("Basic " + Convert.ToBase64String("u:p:w"u8)));
    }

    [Test]
    public async Task A_certificate_with_its_key_needs_a_client_of_its_own()
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=operator", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await WriteAsync(("tls.crt", certificate.ExportCertificatePem()), ("tls.key", key.ExportECPrivateKeyPem()), ("ca.crt", certificate.ExportCertificatePem()));

        var credentials = await _credentials.GetAsync(Name, CancellationToken.None);

        Assert.That(credentials.Header, Is.Null);
        Assert.That(credentials.Client, Is.Not.Null);
    }

    [TestCase("other", "x", "it needs token, or username and password, or tls.crt and tls.key, or ca.crt")]
    [TestCase("tls.crt", "very-secret", "tls.crt and tls.key go together")]
    [TestCase("ca.crt", "-----BEGIN CERTIFICATE-----very-secret-----END CERTIFICATE-----", "tls.crt, tls.key or ca.crt is not PEM that can be read")]
    public async Task What_cannot_be_used_is_explained_without_quoting_it(string key, string value, string why)
    {
        await WriteAsync((key, value));

        var error = await Assert.ThrowsAsync<PrometheusException>(() => _credentials.GetAsync(Name, CancellationToken.None));

        Assert.That(error!.Message, Is.EqualTo($"Secret prom in namespace ml cannot be used (spec.prometheus.secretRef): {why}"));
        Assert.That(error.ToString(), Does.Not.Contain("very-secret"));
    }

    [Test]
    public async Task A_Secret_that_is_not_there_is_named() =>
        Assert.That(
            (await Assert.ThrowsAsync<PrometheusException>(() => _credentials.GetAsync(Name, CancellationToken.None)))!.Message,
            Is.EqualTo("there is no Secret prom in namespace ml (spec.prometheus.secretRef)"));

    [Test]
    public async Task The_header_goes_with_every_query_to_that_server_only()
    {
        await WriteAsync(("token", "t"));
        using var prometheus = new ScriptedPrometheus();
        using var http = new HttpClient(prometheus);
        var client = new PrometheusClient(http, TimeProvider.System, _credentials);
        var address = new Uri("http://p/");

        await client.QueryAsync(new(address, TimeSpan.FromSeconds(30), Name), "up", DateTimeOffset.UnixEpoch, CancellationToken.None);
        var with = prometheus.LastAuthorization;
        await client.QueryAsync(new(address, TimeSpan.FromSeconds(30)), "up", DateTimeOffset.UnixEpoch, CancellationToken.None);

        Assert.That((with, prometheus.LastAuthorization), Is.EqualTo(("Bearer t", (string?)null)));
    }

    [Test]
    public async Task A_proxy_that_fails_for_a_moment_is_asked_again_but_a_refused_query_is_not()
    {
        using var prometheus = new ScriptedPrometheus();
        using var http = new HttpClient(prometheus);
        var client = new PrometheusClient(http, TimeProvider.System);
        var answers = new Queue<HttpResponseMessage>([
            ScriptedPrometheus.Json("", System.Net.HttpStatusCode.BadGateway), ScriptedPrometheus.Json(ScriptedPrometheus.Empty),
            ScriptedPrometheus.Json("""{"status":"error","error":"no"}""", System.Net.HttpStatusCode.BadRequest)]);
        prometheus.Answer = (_, _) => Task.FromResult(answers.Dequeue());
        Task<PrometheusResult> Ask() => client.QueryAsync(new(new Uri("http://p/"), TimeSpan.FromMinutes(1)), "up", DateTimeOffset.UnixEpoch, CancellationToken.None);

        var result = await Ask();
        await Assert.ThatAsync(Ask, Throws.InstanceOf<PrometheusException>());

        Assert.That((result.Series.Count, prometheus.Asked.Count), Is.EqualTo((0, 3)));
    }

    private Task<V1Secret> WriteAsync(params (string Key, string Value)[] data) => _cluster.CreateAsync(new V1Secret
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new V1ObjectMeta { Name = Name.Name, NamespaceProperty = Name.Namespace },
        Data = data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes(d.Value)),
    });
}
