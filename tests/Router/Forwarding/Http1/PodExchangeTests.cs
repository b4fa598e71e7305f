using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Tests.EndToEnd;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.Forwarding.Http1;

internal sealed class PodExchangeTests
{
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private RouterUnderTest _router = null!;

    [SetUp]
    public async Task Start() => _router = await RouterUnderTest.StartAsync(RouterUnderTest.Options with { Timeout = TimeSpan.FromSeconds(20) });

    [TearDown]
    public Task Stop() => _router.DisposeAsync().AsTask();

    private static IEnumerable<TestCaseData> Answers()
    {
        const string interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
        yield return Case("a length", "POST", Hello, 200, "hello");
        yield return Case("no content", "POST", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "");
        yield return Case("chunks", "POST", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Sum: 1\r\n\r\n", 200, "hello");
        yield return Case("until the end", "POST", "HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello", closes: true);
        yield return Case("HTTP/1.0", "POST", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", closes: true);
        yield return Case("interim answers", "POST", interim + Hello, 200, "hello");
        yield return Case("HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "");
        yield return Case("204", "POST", "HTTP/1.1 204 No Content\r\n\r\n", 204, "");
        yield return Case("304", "GET", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n", 304, "");
        yield return Case("an error", "POST", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 5\r\n\r\nhello", 500, "hello");
        yield return Case("a large answer", "POST", $"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n{new string('x', 300_000)}", 200, new string('x', 300_000));

        static TestCaseData Case(string name, string method, string answer, int status, string body, bool closes = false) =>
            new TestCaseData(method, answer, status, body, closes).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Answers))]
    public async Task The_caller_gets_what_the_pod_answers_however_it_arrives(string method, string answer, int status, string body, bool closes)
    {
        var piece = int.MaxValue;
        await using var pod = new ScriptedPod(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SendAsync(answer, piece);
                if (closes)
                {
                    return;
                }
            }
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        foreach (var size in (int[])[int.MaxValue, 1 + (answer.Length / 100), 7 + (answer.Length / 10)])
        {
            piece = size;
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_router.Data, "/default/digits/x"));
            using var response = await _router.Http.SendAsync(request);
            Assert.That((int)response.StatusCode, Is.EqualTo(status));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
        }
        Assert.That(pod.Connections, Is.EqualTo(closes ? 3 : 1));
    }

    [Test]
    public async Task Headers_of_the_connection_stay_on_it_and_the_others_pass()
    {
        await using var pod = ScriptedPod.Answering(
            "HTTP/1.1 200 Splendid\r\nContent-Type: text/plain\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\n"
            + "X-Empty:\r\nX-Model-Revision: what was loaded\r\nContent-Length: 5\r\n\r\nhello");
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        using var response = await _router.PostAsync([1]);

        Assert.Multiple(() =>
        {
            Assert.That(response.ReasonPhrase, Is.EqualTo("Splendid"));
            Assert.That(response.Headers.GetValues("Set-Cookie"), Is.EqualTo(new[] { "a=1", "b=2" }));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"));
            Assert.That(response.Headers.GetValues("X-Empty"), Is.EqualTo(new[] { "" }));
            Assert.That(RouterUnderTest.Revision(response), Is.EqualTo("what was loaded"));
            Assert.That(response.Headers.Contains("Keep-Alive") || response.Headers.ProxyAuthenticate.Count > 0, Is.False);
        });
    }

    [Test]
    public async Task Trailers_reach_a_caller_who_can_take_them()
    {
        await using var pod = ScriptedPod.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n");
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_router.Grpc, "/default/digits/x"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await _router.Http.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("hello"));
        Assert.That(response.TrailingHeaders.GetValues("X-Sum"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public async Task A_connection_is_used_again_and_again()
    {
        await using var pod = ScriptedPod.Answering(Hello);
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        await _router.AskAsync(50, atATime: 1);

        Assert.That(pod.Connections, Is.EqualTo(1));
    }

    [TestCase("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", TestName = "announced")]
    [TestCase(Hello, TestName = "unannounced")]
    public async Task A_connection_that_the_pod_closes_after_an_answer_costs_nothing(string answer)
    {
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(answer);
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        Assert.That(await _router.AskAsync(20, atATime: 1), Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", "hello")));

        Assert.That(await Requests("ok"), Is.EqualTo(20));
        Assert.That(await Requests("error"), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_connection_that_fails_under_its_second_request_is_no_failure_of_the_pods(bool resets)
    {
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Hello);
            await connection.ReadRequestAsync();
            if (resets)
            {
                connection.Reset();
            }
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        Assert.That(await _router.AskAsync(5, atATime: 1), Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", "hello")));

        Assert.That(pod.Connections, Is.EqualTo(5));
        Assert.That(await Requests("ok"), Is.EqualTo(5));
        Assert.That(await Requests("error"), Is.Zero);
    }

    [Test]
    public async Task A_pod_that_closes_every_connection_without_an_answer_is_asked_once_more_and_failed()
    {
        await using var pod = new ScriptedPod(connection => connection.ReadRequestAsync());
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        using var response = await _router.PostAsync([1]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await Requests("error"), Is.EqualTo(2));
        Assert.That(pod.Connections, Is.EqualTo(2));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstolen", TestName = "after the answer")]
    [TestCase("HTTP/1.1 204 No Content\r\n\r\n" + Hello, TestName = "a second answer")]
    public async Task Bytes_that_nobody_asked_for_are_no_answer_to_the_next_caller(string answer)
    {
        await using var pod = ScriptedPod.Answering(answer);
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        var answers = await _router.AskAsync(5, atATime: 1);

        Assert.That(answers.Select(one => one.Body).Distinct().Single(), Is.AnyOf("stole", ""));
        Assert.That(pod.Connections, Is.EqualTo(5));
    }

    [Test]
    public async Task Bytes_that_come_when_nobody_waits_end_the_connection()
    {
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Hello);
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
            await connection.UntilClosedAsync();
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        using (await _router.PostAsync([1]))
        {
            Assert.That(() => pod.Closed, Is.EqualTo(1).After(30_000, 5));
        }
        using var next = await _router.PostAsync([1]);

        Assert.That(await next.Content.ReadAsStringAsync(), Is.EqualTo("hello"));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [TestCase("HTTP/1.1 200 OK\r\nX: a\nY: b\r\nContent-Length: 5\r\n\r\nhello")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nX: \u00fc\r\nContent-Length: 5\r\n\r\nhello", TestName = "a value that the server cannot write")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello", TestName = "closed in the middle")]
    [TestCase("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    public async Task An_answer_that_is_none_is_a_502_and_the_pods_error(string answer)
    {
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(answer);
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        using var response = await _router.PostAsync([1]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"error":"revision digits-r1 gave no complete answer"}"""));
        Assert.That(await Requests("error"), Is.EqualTo(1));
    }

    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", TestName = "chunks that break off")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", TestName = "chunks that go wrong")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\nhello", TestName = "a large answer that breaks off")]
    public async Task An_answer_that_breaks_off_before_the_callers_eyes_is_visibly_broken(string answer)
    {
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(answer);
        });
        _router.Serve(new TestRoute().Stable(0, pod.Address).Candidate(100, pod.Address));

        Assert.That(
            async () =>
            {
                using var response = await _router.PostAsync([1]);
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway), "a held answer ends well");
                throw new HttpRequestException("held");
            },
            Throws.InstanceOf<HttpRequestException>());
        Assert.That(await Requests("ok"), Is.Zero);
    }

    [Test]
    public async Task A_pod_may_answer_before_it_has_read_the_body()
    {
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stop);
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        using var response = await _router.PostAsync(new byte[7_000_000]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("too much"));
        Assert.That(await Requests("client_error"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_caller_that_leaves_in_the_middle_of_an_answer_frees_the_pod()
    {
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await connection.UntilClosedAsync();
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        using (await _router.Http.GetAsync(new Uri(_router.Data, "/default/digits/x"), HttpCompletionOption.ResponseHeadersRead))
        {
        }

        Assert.That(() => pod.Closed, Is.EqualTo(1).After(30_000, 5));
        Assert.That(await Requests("canceled"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_pod_that_falls_silent_in_the_middle_is_a_timeout()
    {
        await _router.DisposeAsync();
        _router = await RouterUnderTest.StartAsync(RouterUnderTest.Options with { Timeout = TimeSpan.FromMilliseconds(200) });
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await connection.UntilClosedAsync();
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        Assert.That(async () => await _router.Http.GetStringAsync(new Uri(_router.Data, "/default/digits/x")), Throws.InstanceOf<HttpRequestException>());
        Assert.That(await Requests("timeout"), Is.EqualTo(1));
    }

    [Test]
    public async Task Wrong_answers_harm_nobody_else()
    {
        const int runs = 300;
        string[] right = [Hello, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"];
        var random = new Random(1);
        await using var pod = new ScriptedPod(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                if (!request.StartsWith("POST /wrong"))
                {
                    await connection.SendAsync(Hello);
                    continue;
                }
                var bytes = right[random.Next(2)].ToCharArray();
                bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? "\r\n:;0"[random.Next(5)] : (char)random.Next(256);
                await connection.SendAsync(new string(bytes));
                return;
            }
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));

        for (var run = 0; run < runs; run++)
        {
            try
            {
                using var wrong = await _router.PostAsync([1], "/default/digits/wrong");
                await wrong.Content.ReadAsByteArrayAsync();
            }
            catch (HttpRequestException)
            {
                // What had begun could not be ended well.
            }
            using var next = await _router.PostAsync([1]);
            Assert.That((next.StatusCode, await next.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, "hello")));
        }
    }

    [Test]
    public async Task A_connection_that_the_pod_closes_is_forgotten_at_once()
    {
        var close = new TaskCompletionSource();
        await using var pod = new ScriptedPod(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Hello);
            await close.Task;
        });
        _router.Serve(new TestRoute().Stable(100, pod.Address));
        using var response = await _router.PostAsync([1]);
        var route = _router.App.Services.GetRequiredService<RouteStore>().Current.Routes.Single();
        var connections = route.Backends[0].Endpoints[0].Connections;

        Assert.That(() => connections.Idle, Is.EqualTo(1).After(30_000, 5));
        close.SetResult();
        Assert.That(() => connections.Idle, Is.Zero.After(30_000, 5));
    }

    private Task<double?> Requests(string outcome) => _router.MetricAsync("modelrouter_requests_total", $"outcome=\"{outcome}\"");
}
