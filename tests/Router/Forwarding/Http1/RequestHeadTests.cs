using System.Text;
using Microsoft.AspNetCore.Http;
using ModelOperator.Router.Forwarding.Http1;

namespace ModelOperator.Router.Tests.Forwarding.Http1;

internal sealed class RequestHeadTests
{
    [Test]
    public void A_request_is_written_as_the_pod_may_see_it() => Assert.That(
        Write("POST", "/v2/a%2Fb?c=d", "body", ("Host", "digits.default"), ("Content-Type", "text/plain"), ("Connection", "x"), ("Content-Length", "4"), ("TE", "gzip"),
            ("Transfer-Encoding", "chunked"), ("Upgrade", "h2c"), ("Expect", "100-continue"), ("Trailer", "X"), (":path", "/"), ("X-Name", "Ünal")),
        Is.EqualTo("POST /v2/a%2Fb?c=d HTTP/1.1\r\nHost: 10.0.0.1:8000\r\nContent-Type: text/plain\r\nX-Name: Ünal\r\nContent-Length: 4\r\n\r\nbody"));

    [TestCase("GET", "")]
    [TestCase("DELETE", "")]
    [TestCase("POST", "Content-Length: 0\r\n")]
    [TestCase("PUT", "Content-Length: 0\r\n")]
    public void A_request_without_a_body_says_so_where_one_is_expected(string method, string line) =>
        Assert.That(Write(method, "/x", ""), Is.EqualTo($"{method} /x HTTP/1.1\r\nHost: 10.0.0.1:8000\r\n{line}\r\n"));

    [Test]
    public void A_target_that_is_only_a_query_gets_its_path() => Assert.That(Write("GET", "?a=b", ""), Does.StartWith("GET /?a=b HTTP/1.1\r\n"));

    [Test]
    public void A_large_body_is_left_where_it_is()
    {
        var context = new DefaultHttpContext { Request = { Method = "POST" } };
        using var head = RequestHead.Write(context.Request, "/x", "10.0.0.1:8000", new byte[1_000_000]);

        Assert.That(head.BodyBytes, Is.Zero);
        Assert.That(Encoding.UTF8.GetString(head.Bytes.Span), Does.EndWith("Content-Length: 1000000\r\n\r\n"));
    }

    [Test]
    public void A_long_head_is_written_whole()
    {
        var value = new string('x', 30_000);
        Assert.That(Write("GET", "/x", "", ("X-Long", value)), Does.EndWith($"X-Long: {value}\r\n\r\n"));
    }

    [TestCase("GET", "/x", "X", "a\r\nX-Smuggled: b")]
    [TestCase("GET", "/x", "X", "a\nb")]
    [TestCase("GET", "/x", "X", "a\0b")]
    [TestCase("GET", "/x", "X\r\nY", "a")]
    [TestCase("GET", "/x", "X Y", "a")]
    [TestCase("GET", "/x y", "X", "a")]
    [TestCase("GET", "/x\r\n", "X", "a")]
    [TestCase("GET", "/ü", "X", "a")]
    [TestCase("GET /x HTTP/1.1\r\n", "/x", "X", "a")]
    [TestCase("", "/x", "X", "a")]
    public void What_would_make_another_request_of_it_is_refused(string method, string target, string name, string value) =>
        Assert.That(() => Write(method, target, "", (name, value)), Throws.InstanceOf<FormatException>());

    private static string Write(string method, string target, string body, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }
        using var head = RequestHead.Write(context.Request, target, "10.0.0.1:8000", Encoding.UTF8.GetBytes(body));
        return Encoding.UTF8.GetString(head.Bytes.Span);
    }
}
