using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class CertificateRotationTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _clock = new();
    private readonly CapturingLogger<KubernetesClient> _log = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private X509Certificate2 _first = null!;
    private X509Certificate2 _second = null!;
    private X509Certificate2 _server = null!;
    private string _directory = null!;
    private FakeApi _api = null!;

    private string AuthorityFile => Path.Combine(_directory, "ca.crt");

    [SetUp]
    public async Task StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("rotation").FullName;
        _first = TestCertificates.CreateAuthority("kubernetes");
        _second = TestCertificates.CreateAuthority("kubernetes");
        _server = TestCertificates.CreateServer(_first);
        File.WriteAllText(AuthorityFile, _first.ExportCertificatePem());
        _api = await StartApiAsync(HttpProtocols.Http1AndHttp2);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
        _server.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [TestCase(HttpProtocols.Http1)]
    [TestCase(HttpProtocols.Http2)]
    public async Task A_new_certificate_authority_is_used_without_a_restart_and_leaves_open_watches_alone(HttpProtocols protocols)
    {
        await _api.DisposeAsync();
        _api = await StartApiAsync(protocols);
        using var client = CreateClient();
        await using var watch = await OpenWatchAsync(client);
        await GetAsync(client);
        UseSecondAuthority();
        File.WriteAllText(AuthorityFile, _second.ExportCertificatePem());

        _clock.Advance(Interval);
        await GetAsync(client);
        _lines.Writer.TryWrite(Answer.Event("MODIFIED", Answer.ConfigMap("a", "2")));

        Assert.That(await watch.MoveNextAsync(), Is.True);
        Assert.That(watch.Current.Object.ResourceVersion(), Is.EqualTo("2"));
        Assert.That(_api.Requests.Last().Connection, Is.Not.EqualTo(_api.Requests.First().Connection));
        Assert.That(_log.Lines, Has.Exactly(1).Contains(AuthorityFile).And.Exactly(1).StartsWith("Information"));
    }

    [Test]
    public async Task A_bundle_that_did_not_change_keeps_the_connections()
    {
        using var client = CreateClient();
        await GetAsync(client);
        _clock.Advance(Interval);
        await GetAsync(client);

        Assert.That(_api.Requests.Select(request => request.Connection).Distinct().Count(), Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("-----BEGIN CERTIFICATE-----\nhalf")]
    [TestCase(null)]
    public async Task A_file_that_cannot_be_used_leaves_the_last_authority_in_use(string? content)
    {
        using var client = CreateClient();
        await GetAsync(client);
        if (content is null)
        {
            File.Delete(AuthorityFile);
        }
        else
        {
            File.WriteAllText(AuthorityFile, content);
        }

        _clock.Advance(Interval);
        await GetAsync(client);

        Assert.That(_log.Lines, Has.Exactly(1).StartsWith($"Warning: {AuthorityFile} cannot be used"));
    }

    [Test]
    public async Task The_old_authority_is_not_believed_any_more()
    {
        using var client = CreateClient();
        await GetAsync(client);
        File.WriteAllText(AuthorityFile, _second.ExportCertificatePem());
        _clock.Advance(Interval);
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync<V1ConfigMap>("a", "default"));
    }

    [Test]
    public async Task A_new_client_certificate_is_shown_without_a_restart_and_half_a_pair_is_not()
    {
        var (first, second) = (TestCertificates.CreateClient("jane"), TestCertificates.CreateClient("jane"));
        var (certificateFile, keyFile) = (Path.Combine(_directory, "client.crt"), Path.Combine(_directory, "client.key"));
        File.WriteAllText(certificateFile, first.Certificate);
        File.WriteAllText(keyFile, first.Key);
        using var client = CreateClient(certificateFile, keyFile);
        await using var watch = await OpenWatchAsync(client);

        File.WriteAllText(certificateFile, second.Certificate);
        _clock.Advance(Interval);
        await GetAsync(client);
        File.WriteAllText(keyFile, second.Key);
        _clock.Advance(Interval);
        await GetAsync(client);
        _lines.Writer.TryWrite(Answer.Event("MODIFIED", Answer.ConfigMap("a", "2")));

        Assert.That(
            _api.Requests.Select(request => request.ClientCertificate), Is.EqualTo(new[] { first.Thumbprint, first.Thumbprint, second.Thumbprint }));
        Assert.That(await watch.MoveNextAsync(), Is.True);
    }

    [Test]
    public async Task Requests_under_way_end_well_whenever_the_certificates_change()
    {
        using var client = CreateClient();
        for (var i = 0; i < 200; i++)
        {
            _api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));
        }

        File.WriteAllText(AuthorityFile, _first.ExportCertificatePem() + "\n" + _second.ExportCertificatePem());
        _clock.Advance(Interval);
        for (var rotation = 0; rotation < 10; rotation++)
        {
            var requests = Enumerable.Range(0, 20).Select(_ => Task.Run(() => client.GetAsync<V1ConfigMap>("a", "default"))).ToList();
            var bundle = rotation % 2 == 0 ? [_first] : new[] { _second, _first };
            File.WriteAllText(AuthorityFile + ".new", string.Join('\n', bundle.Select(one => one.ExportCertificatePem())));
            File.Move(AuthorityFile + ".new", AuthorityFile, overwrite: true);
            _clock.Advance(Interval);
            Assert.That((await Task.WhenAll(requests)).Select(found => found?.Name()), Is.All.EqualTo("a"));
        }
    }

    private Task<FakeApi> StartApiAsync(HttpProtocols protocols) => FakeApi.StartAsync(
        https =>
        {
            https.ServerCertificateSelector = (_, _) => _server;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        },
        protocols);

    private void UseSecondAuthority()
    {
        _server.Dispose();
        _server = TestCertificates.CreateServer(_second);
    }

    private KubernetesClient CreateClient(string? certificateFile = null, string? keyFile = null) => new(
        new KubernetesClientConfiguration
        {
            Server = _api.Address,
            CertificateAuthorities = [_first],
            CertificateAuthorityFile = AuthorityFile,
            ClientCertificate = certificateFile is null ? null : X509Certificate2.CreateFromPemFile(certificateFile, keyFile),
            ClientCertificateFile = certificateFile,
            ClientKeyFile = keyFile,
            // The clock leaps by more than requests usually get.
            RequestTimeout = TimeSpan.FromDays(1),
        },
        _clock,
        _log);

    private async Task<IAsyncEnumerator<WatchEvent<V1ConfigMap>>> OpenWatchAsync(KubernetesClient client)
    {
        _api.ReplyToWatch(Answer.WatchFrom(_lines.Reader));
        _lines.Writer.TryWrite(Answer.Event("ADDED", Answer.ConfigMap("a", "1")));
        var watch = client.WatchAsync<V1ConfigMap>("default").GetAsyncEnumerator();
        await watch.MoveNextAsync();
        return watch;
    }

    private async Task GetAsync(KubernetesClient client)
    {
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));
        await client.GetAsync<V1ConfigMap>("a", "default");
    }
}
