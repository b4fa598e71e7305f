using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Client;

/// <summary>The server has a name that only the proxy knows, so nothing passes it by.</summary>
internal sealed class ProxyTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task An_http_proxy_is_gone_through_with_its_user_and_tls_ends_at_the_server(bool hasTlsServerName)
    {
        using var authority = TestCertificates.CreateAuthority("right");
        await using var api = await FakeApi.StartAsync(TestCertificates.CreateServer(authority, "api.invalid"));
        await using var proxy = FakeProxy.StartHttp();
        using var client = new KubernetesClient(new KubernetesClientConfiguration
        {
            Server = new Uri($"https://{(hasTlsServerName ? "other" : "api")}.invalid:{api.Address.Port}"),
            CertificateAuthorities = [authority],
            TlsServerName = hasTlsServerName ? "api.invalid" : null,
            Proxy = new Uri($"http://jane:p%40ss@127.0.0.1:{proxy.Port}"),
        });
        api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));

        Assert.That((await client.GetAsync<V1ConfigMap>("a", "default"))?.Name(), Is.EqualTo("a"));
        Assert.That(
            await proxy.Asked,
            Does.Match($@"^CONNECT \w+\.invalid:{api.Address.Port} HTTP/1.1").And.Contains("Basic " + Convert.ToBase64String("jane:p@ss"u8)));
    }

    [Test]
    public async Task A_socks5_proxy_is_gone_through_and_resolves_the_name()
    {
        await using var api = await FakeApi.StartAsync();
        await using var proxy = FakeProxy.StartSocks5();
        using var client = new KubernetesClient(new KubernetesClientConfiguration
        {
            Server = new Uri($"http://api.invalid:{api.Address.Port}"),
            Proxy = new Uri($"socks5://127.0.0.1:{proxy.Port}"),
        });
        api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));

        Assert.That((await client.GetAsync<V1ConfigMap>("a", "default"))?.Name(), Is.EqualTo("a"));
        Assert.That(await proxy.Asked, Is.EqualTo($"api.invalid:{api.Address.Port}"));
    }
}
