using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class TlsTests
{
    [Test]
    public Task A_server_certificate_of_the_configured_authority_is_taken() => AssertAsync(isTrusted: true);

    [Test]
    public Task A_server_certificate_of_another_authority_is_refused() => AssertAsync(isTrusted: false, otherAuthority: true);

    [Test]
    public Task An_expired_server_certificate_is_refused() =>
        AssertAsync(isTrusted: false, until: new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Test]
    public Task A_server_certificate_for_another_name_is_refused() => AssertAsync(isTrusted: false, dnsName: "kubernetes.default.svc");

    [Test]
    public Task A_tls_server_name_is_what_the_certificate_must_have() =>
        AssertAsync(isTrusted: true, dnsName: "kubernetes.default.svc", tlsServerName: "kubernetes.default.svc");

    [Test]
    public Task Without_verification_any_certificate_will_do() => AssertAsync(isTrusted: true, otherAuthority: true, skipVerify: true);

    private static async Task AssertAsync(
        bool isTrusted,
        bool otherAuthority = false,
        DateTimeOffset? until = null,
        string? dnsName = null,
        string? tlsServerName = null,
        bool skipVerify = false)
    {
        using var authority = TestCertificates.CreateAuthority("right");
        using var other = TestCertificates.CreateAuthority("right");
        using var certificate = TestCertificates.CreateServer(otherAuthority ? other : authority, dnsName, until);
        await using var api = await FakeApi.StartAsync(certificate);
        using var client = new KubernetesClient(new KubernetesClientConfiguration
        {
            Server = api.Address,
            CertificateAuthorities = skipVerify ? null : [authority],
            SkipTlsVerify = skipVerify,
            TlsServerName = tlsServerName,
        });
        api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));

        var get = () => client.GetAsync<V1ConfigMap>("a", "default");

        if (isTrusted)
        {
            Assert.That((await get())?.Name(), Is.EqualTo("a"));
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => get());
        }
    }
}
