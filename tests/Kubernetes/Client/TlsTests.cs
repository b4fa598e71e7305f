using System.Security.Cryptography.X509Certificates;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Client.Connections;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class TlsTests
{
    private X509Certificate2 _authority = null!;
    private X509Certificate2 _other = null!;

    [SetUp]
    public void CreateAuthorities()
    {
        _authority = TestCertificates.CreateAuthority("right");
        _other = TestCertificates.CreateAuthority("right");
    }

    [TearDown]
    public void DisposeCertificates()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Test]
    public Task A_server_certificate_of_the_configured_authority_is_taken() =>
        AssertTakenAsync(TestCertificates.CreateServer(_authority), [_authority]);

    [Test]
    public Task A_server_certificate_of_another_authority_of_the_same_name_is_refused() =>
        AssertRefusedAsync(TestCertificates.CreateServer(_other), [_authority]);

    [Test]
    public Task An_expired_server_certificate_is_refused() => AssertRefusedAsync(
        TestCertificates.CreateServer(_authority, until: new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)), [_authority]);

    [Test]
    public Task A_server_certificate_for_another_name_is_refused() =>
        AssertRefusedAsync(TestCertificates.CreateServer(_authority, "kubernetes.default.svc"), [_authority]);

    [Test]
    public Task A_self_signed_certificate_is_refused_when_no_authority_is_configured() =>
        AssertRefusedAsync(TestCertificates.CreateSelfSignedServer(), authorities: null);

    [Test]
    public async Task An_intermediate_is_no_root_so_a_bundle_of_it_alone_is_refused()
    {
        using var intermediate = TestCertificates.CreateIntermediate(_authority, "middle");

        await AssertRefusedAsync(TestCertificates.CreateServer(intermediate), [intermediate], chain: [intermediate]);
    }

    [Test]
    public async Task A_chain_over_an_intermediate_that_the_server_sends_is_taken()
    {
        using var intermediate = TestCertificates.CreateIntermediate(_authority, "middle");

        await AssertTakenAsync(TestCertificates.CreateServer(intermediate), [_authority], chain: [intermediate]);
    }

    [Test]
    public async Task A_chain_over_an_intermediate_of_the_bundle_is_taken()
    {
        using var intermediate = TestCertificates.CreateIntermediate(_authority, "middle");

        await AssertTakenAsync(TestCertificates.CreateServer(intermediate), [intermediate, _authority]);
    }

    [Test]
    public async Task Any_authority_of_a_bundle_will_do_and_no_other()
    {
        using var stranger = TestCertificates.CreateAuthority("stranger");

        await AssertTakenAsync(TestCertificates.CreateServer(_authority), [_other, _authority]);
        await AssertTakenAsync(TestCertificates.CreateServer(_other), [_other, _authority]);
        await AssertRefusedAsync(TestCertificates.CreateServer(stranger), [_other, _authority]);
    }

    [Test]
    public async Task A_tls_server_name_is_what_the_certificate_must_have_and_the_request_keeps_the_servers_address()
    {
        var request = await AssertTakenAsync(TestCertificates.CreateServer(_authority, "kubernetes.default.svc"), [_authority], "kubernetes.default.svc");

        Assert.That(request.Headers["Host"], Does.StartWith("127.0.0.1:"));
        Assert.That(request.Protocol, Is.EqualTo("HTTP/2"));
        await AssertRefusedAsync(TestCertificates.CreateServer(_authority), [_authority], "kubernetes.default.svc");
        await AssertRefusedAsync(TestCertificates.CreateServer(_other, "kubernetes.default.svc"), [_authority], "kubernetes.default.svc");
        await AssertRefusedAsync(
            TestCertificates.CreateServer(_authority, "kubernetes.default.svc", new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            [_authority],
            "kubernetes.default.svc");
    }

    [Test]
    public Task Without_verification_any_certificate_will_do() =>
        AssertTakenAsync(TestCertificates.CreateServer(_other, "somewhere"), authorities: null, skipVerify: true);

    [Test]
    public void No_callback_decides_about_certificates_unless_verification_is_off()
    {
        var configuration = new KubernetesClientConfiguration { Server = new Uri("https://127.0.0.1") };
        var material = new TlsMaterial([_authority], ClientCertificate: null);
        using var handler = KubernetesHttpHandler.Create(configuration, material, new ServerConnector(configuration, material));

        Assert.Multiple(() =>
        {
            Assert.That(handler.SslOptions.RemoteCertificateValidationCallback, Is.Null);
            Assert.That(handler.SslOptions.CertificateChainPolicy!.TrustMode, Is.EqualTo(X509ChainTrustMode.CustomRootTrust));
            Assert.That(handler.SslOptions.CertificateChainPolicy.VerificationFlags, Is.EqualTo(X509VerificationFlags.NoFlag));
        });
    }

    [Test]
    public void A_dead_peer_is_noticed_within_45_seconds_by_pings()
    {
        var configuration = new KubernetesClientConfiguration { Server = new Uri("https://127.0.0.1") };
        var material = new TlsMaterial(Authorities: null, ClientCertificate: null);
        using var handler = KubernetesHttpHandler.Create(configuration, material, new ServerConnector(configuration, material));

        Assert.Multiple(() =>
        {
            Assert.That(handler.KeepAlivePingDelay, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(handler.KeepAlivePingTimeout, Is.EqualTo(TimeSpan.FromSeconds(15)));
            Assert.That(handler.KeepAlivePingPolicy, Is.EqualTo(HttpKeepAlivePingPolicy.WithActiveRequests));
            Assert.That(handler.EnableMultipleHttp2Connections, Is.True);
        });
    }

    private static async Task<RecordedRequest> AssertTakenAsync(
        X509Certificate2 server,
        X509Certificate2Collection? authorities,
        string? tlsServerName = null,
        bool skipVerify = false,
        X509Certificate2Collection? chain = null)
    {
        await using var api = await StartAsync(server, chain);
        using var client = new KubernetesClient(Configuration(api, authorities, tlsServerName, skipVerify));
        api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));

        Assert.That((await client.GetAsync<V1ConfigMap>("a", "default"))?.Name(), Is.EqualTo("a"));
        return api.Requests.Single();
    }

    private static async Task AssertRefusedAsync(
        X509Certificate2 server, X509Certificate2Collection? authorities, string? tlsServerName = null, X509Certificate2Collection? chain = null)
    {
        await using var api = await StartAsync(server, chain);
        using var client = new KubernetesClient(Configuration(api, authorities, tlsServerName, skipVerify: false));
        api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync<V1ConfigMap>("a", "default"));

        Assert.That(error!.ToString(), Does.Contain("AuthenticationException"));
        Assert.That(api.Requests, Is.Empty);
    }

    private static Task<FakeApi> StartAsync(X509Certificate2 server, X509Certificate2Collection? chain) => FakeApi.StartAsync(https =>
    {
        https.ServerCertificate = server;
        https.ServerCertificateChain = chain;
    });

    private static KubernetesClientConfiguration Configuration(
        FakeApi api, X509Certificate2Collection? authorities, string? tlsServerName, bool skipVerify) => new()
        {
            Server = api.Address,
            CertificateAuthorities = authorities,
            SkipTlsVerify = skipVerify,
            TlsServerName = tlsServerName,
        };
}
