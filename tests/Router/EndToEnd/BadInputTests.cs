using System.Net;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.EndToEnd;

internal sealed class BadInputTests
{
    private const string Head = "POST /default/digits/x HTTP/1.1\r\nHost: r\r\n";
    private const string Get = "GET /default/digits/x HTTP/1.1\r\nHost: r\r\n";

    private FakeModel _model = null!;
    private RouterUnderTest _router = null!;

    [SetUp]
    public async Task Start()
    {
        _model = await FakeModel.StartAsync(FakeModel.Answers("ok"));
        _router = await RouterUnderTest.StartAsync(RouterUnderTest.Options with { HeaderTimeout = TimeSpan.FromSeconds(1) });
        _router.Serve(new TestRoute().Stable(100, _model.Address));
    }

    [TearDown]
    public async Task Stop()
    {
        await _router.DisposeAsync();
        await _model.DisposeAsync();
    }

    private static IEnumerable<TestCaseData> Smuggled()
    {
        const string inner = "GET /default/digits/smuggled HTTP/1.1\r\nHost: r\r\n\r\n";
        yield return Case(Head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n" + inner, 400, "length and chunked");
        yield return Case(Head + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + inner, 400, "two lengths");
        yield return Case(Head + "Content-Length: 0, 5\r\n\r\n" + inner, 400, "a list of lengths");
        yield return Case(Head + "Content-Length: -1\r\n\r\n" + inner, 400, "a negative length");
        yield return Case(Head + "Content-Length: 99999999999999999999\r\n\r\n" + inner, 400, "a length beyond all numbers");
        yield return Case(Head + "Transfer-Encoding: gzip\r\n\r\n" + inner, 400, "a coding that does not end");
        yield return Case(Head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + inner, 400, "a coding that only looks like chunked");
        yield return Case(Head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + inner, 400, "chunked not last");
        yield return Case(Head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + inner, 400, "a space before the colon");
        yield return Case(Head + " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner, 400, "a folded line");
        yield return Case(Head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" + inner, 400, "a chunk of no size");
        yield return Case(Head + "Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n\r\n0\r\n\r\n" + inner, 400, "an extension that ends in a bare line feed");
        yield return Case("GET /default/digits/x HTTP/1.1\r\nHost: r\r\nHost: s\r\n\r\n" + inner, 400, "two hosts");
        yield return Case("GET /default/digits/x HTTP/1.1\r\n\r\n" + inner, 400, "no host");
        yield return Case("GET /default/digits/x HTTP/1.1\r\nHost: r\r\nX: a\0b\r\n\r\n" + inner, 400, "a null byte");
        yield return Case("GET /default/digits/x HTTP/9.9\r\nHost: r\r\n\r\n" + inner, 505, "an unknown version");
        yield return Case("nonsense\r\n\r\n" + inner, 400, "no HTTP at all");

        static TestCaseData Case(string bytes, int status, string name) => new TestCaseData(bytes, status).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Smuggled))]
    public async Task What_somebody_else_could_read_differently_is_refused_and_the_connection_closed(string bytes, int status)
    {
        Assert.That(await RawConnection.StatusesAsync(_router.Data, bytes), Is.EqualTo(new[] { status }));
        Assert.That(_model.Requests.Where(request => request.Target.Contains("smuggled")), Is.Empty);
        Assert.That((await _router.PostAsync([1])).StatusCode, Is.EqualTo(HttpStatusCode.OK), "others are served");
    }

    [Test]
    public async Task Heads_are_bounded()
    {
        Assert.That(await RawConnection.StatusesAsync(_router.Data, Get + "X: " + new string('x', 40_000) + "\r\n\r\n"), Is.EqualTo(new[] { 431 }), "a long header");
        Assert.That(
            await RawConnection.StatusesAsync(_router.Data, Get + string.Concat(Enumerable.Range(0, 200).Select(i => $"X{i}: x\r\n")) + "\r\n"),
            Is.EqualTo(new[] { 431 }), "many headers");
        Assert.That(await RawConnection.StatusesAsync(_router.Data, $"GET /{new string('x', 10_000)} HTTP/1.1\r\n"), Is.EqualTo(new[] { 414 }), "a long target");
    }

    [Test]
    public async Task A_head_that_comes_too_slowly_is_a_408()
    {
        using var slow = await RawConnection.OpenAsync(_router.Data);
        await slow.SendAsync("POST /default/digits/x HTTP/1.1\r\nHost: r\r\nX-A: ");

        Assert.That(await slow.ReadToEndAsync(), Does.StartWith("HTTP/1.1 408 "));
    }

    [TestCase("/")]
    [TestCase("/default")]
    [TestCase("/default/unknown/x")]
    [TestCase("/../default/digits")]
    [TestCase("*")]
    [TestCase("//default/digits/x")]
    public async Task A_path_to_nowhere_is_a_404(string path)
    {
        var method = path == "*" ? "OPTIONS" : "GET";
        Assert.That(await RawConnection.StatusesAsync(_router.Data, $"{method} {path} HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n"), Is.EqualTo(new[] { 404 }));
    }

    [Test]
    public async Task WebSockets_and_tunnels_are_refused_in_words()
    {
        using var caller = await RawConnection.OpenAsync(_router.Data);
        await caller.SendAsync(Get + "Connection: upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");

        var answer = await caller.ReadToEndAsync();
        Assert.That(answer, Does.StartWith("HTTP/1.1 501 ").And.Contain("""{"error":"WebSockets and tunnels are not routed"""));
        Assert.That(await RawConnection.StatusesAsync(_router.Data, "CONNECT digits.default:80 HTTP/1.1\r\nHost: digits.default:80\r\nConnection: close\r\n\r\n"), Is.EqualTo(new[] { 501 }));
        Assert.That(await RawConnection.StatusesAsync(_router.Data, "TRACE /default/digits/x HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n"), Is.EqualTo(new[] { 405 }));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task An_offer_of_another_protocol_is_declined_and_the_request_answered()
    {
        var statuses = await RawConnection.StatusesAsync(_router.Data, Get + "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

        Assert.That(statuses, Is.EqualTo(new[] { 200 }));
        Assert.That(_model.Requests.Single().Headers.Keys, Has.None.EqualTo("Upgrade").And.None.EqualTo("HTTP2-Settings"));
    }

    [Test]
    public async Task What_is_for_the_connection_stays_on_it()
    {
        await RawConnection.StatusesAsync(
            _router.Data,
            Get + "Connection: X-Secret\r\nX-Secret: 1\r\nKeep-Alive: 5\r\nProxy-Connection: close\r\nTE: gzip\r\nX-Kept: 2\r\n\r\n"
            + "GET /nowhere HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n");

        var headers = _model.Requests.Single().Headers;
        Assert.That(headers.Keys, Has.None.EqualTo("X-Secret").And.None.EqualTo("Keep-Alive").And.None.EqualTo("Proxy-Connection").And.None.EqualTo("TE"));
        Assert.That(headers["X-Kept"], Is.EqualTo("2"));
    }

    [Test]
    public async Task Idle_connections_in_great_number_keep_nobody_from_being_served()
    {
        const int many = 2000;
        var idle = new List<RawConnection>();
        try
        {
            for (var i = 0; i < many; i++)
            {
                idle.Add(await RawConnection.OpenAsync(_router.Data));
            }
            Assert.That(await _router.AskAsync(50), Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", "ok")));
        }
        finally
        {
            idle.ForEach(one => one.Dispose());
        }
    }
}
