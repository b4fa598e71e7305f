using System.Net;
using Microsoft.AspNetCore.Http;
using ModelOperator.Router.Forwarding;

namespace ModelOperator.Router.Tests.Forwarding;

internal sealed class CallerHeadersTests
{
    private static readonly IPNetwork[] Proxies = [IPNetwork.Parse("10.0.0.0/8")];

    [Test]
    public void Nobodys_word_about_the_caller_is_taken_by_default()
    {
        var (client, headers) = Prepare("192.0.2.1", [],
            ("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "bank.example"), ("X-Real-IP", "1.1.1.1"), ("Forwarded", "for=1.1.1.1"));

        Assert.Multiple(() =>
        {
            Assert.That(client, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
            Assert.That(headers["X-Forwarded-For"].ToString(), Is.EqualTo("192.0.2.1"));
            Assert.That(headers["X-Forwarded-Proto"].ToString(), Is.EqualTo("http"));
            Assert.That(headers["X-Forwarded-Host"].ToString(), Is.EqualTo("digits.default"));
            Assert.That(headers, Does.Not.ContainKey("X-Real-IP").And.Not.ContainKey("Forwarded"));
        });
    }

    [TestCase("203.0.113.9", "203.0.113.9")]
    [TestCase("1.1.1.1, 203.0.113.9", "203.0.113.9", TestName = "what the caller claimed of itself comes first and does not count")]
    [TestCase("203.0.113.9, 10.2.2.2", "203.0.113.9", TestName = "a chain of trusted proxies")]
    [TestCase("10.9.9.9, 10.2.2.2", "10.9.9.9", TestName = "a caller inside")]
    [TestCase("1.1.1.1, nonsense, 10.2.2.2", "10.2.2.2", TestName = "no further than what can be read")]
    [TestCase("", "10.1.1.1", TestName = "a proxy that asks for itself")]
    public void A_trusted_proxys_word_counts(string forwardedFor, string expected)
    {
        var (client, headers) = Prepare("10.1.1.1", Proxies, ("X-Forwarded-For", forwardedFor), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "bank.example"));

        Assert.That(client, Is.EqualTo(IPAddress.Parse(expected)));
        Assert.That(headers["X-Forwarded-For"].ToString(), Does.EndWith("10.1.1.1"));
        Assert.That(headers["X-Forwarded-Proto"].ToString(), Is.EqualTo("https"));
        Assert.That(headers["X-Forwarded-Host"].ToString(), Is.EqualTo("bank.example"));
    }

    [Test]
    public void A_peer_with_a_mapped_address_is_the_one_that_it_maps() =>
        Assert.That(Prepare("::ffff:192.0.2.1", []).Client, Is.EqualTo(IPAddress.Parse("192.0.2.1")));

    [TestCase("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [TestCase("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later-versions-say-more", true)]
    [TestCase("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false)]
    [TestCase("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [TestCase("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false)]
    [TestCase("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    [TestCase("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false)]
    [TestCase("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", false)]
    public void A_trace_context_is_continued_when_it_is_one_and_dropped_when_not(string traceparent, bool kept)
    {
        var (_, headers) = Prepare("192.0.2.1", [], ("traceparent", traceparent), ("tracestate", "a=b"));

        Assert.That(headers.TraceParent.ToString(), Is.EqualTo(kept ? traceparent : ""));
        Assert.That(headers.TraceState.ToString(), Is.EqualTo(kept ? "a=b" : ""));
    }

    [Test]
    public void A_caller_cannot_have_headers_removed_that_say_what_the_request_is()
    {
        var (_, headers) = Prepare("192.0.2.1", [], ("Connection", "Content-Length, content-type, x-request-id, X-Forwarded-For, x-mine"), ("Content-Type", "application/json"), ("X-Mine", "1"));

        Assert.That(headers.ContentType.ToString(), Is.EqualTo("application/json"));
        Assert.That(headers["x-request-id"].ToString(), Is.EqualTo("id"));
        Assert.That(headers["X-Forwarded-For"].ToString(), Is.EqualTo("192.0.2.1"));
        Assert.That(headers, Does.Not.ContainKey("X-Mine"));
    }

    private static (IPAddress? Client, IHeaderDictionary Headers) Prepare(string peer, IReadOnlyList<IPNetwork> trusted, params (string, string)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("digits.default");
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }
        return (CallerHeaders.Prepare(context, "id", trusted), context.Request.Headers);
    }
}
