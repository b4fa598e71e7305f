using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.EndToEnd;

internal sealed class FailoverTests() : TwoRevisions(FakeModel.Answers("stable"), FakeModel.Answers("candidate"))
{
    private static IEnumerable<TestCaseData> BadCandidates()
    {
        yield return new TestCaseData((RequestDelegate)FakeModel.AnswersWith(500), "error").SetArgDisplayNames("500");
        yield return new TestCaseData((RequestDelegate)FakeModel.AnswersWith(503), "error").SetArgDisplayNames("503");
        yield return new TestCaseData((RequestDelegate)FakeModel.Resets, "error").SetArgDisplayNames("reset");
        yield return new TestCaseData((RequestDelegate)FakeModel.BreaksOff, "error").SetArgDisplayNames("breaks off");
        yield return new TestCaseData((RequestDelegate)FakeModel.Hangs, "timeout").SetArgDisplayNames("hangs");
        yield return new TestCaseData((RequestDelegate)(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync(new byte[10]);
            await FakeModel.Hangs(context);
        }), "timeout").SetArgDisplayNames("hangs in the middle");
    }

    [TestCaseSource(nameof(BadCandidates))]
    public async Task ACandidate_that_always_fails_costs_no_request_and_every_failure_is_counted(RequestDelegate behaviour, string outcome)
    {
        Candidate.Behaviour = behaviour;
        Router.Serve(new TestRoute().Stable(50, Stable.Address).Candidate(50, Candidate.Address));

        var answers = await Router.AskAsync(40);

        Assert.That(answers, Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", "stable")));
        Assert.That(Candidate.Requests, Has.Count.EqualTo(20));
        Assert.That(await Requests("digits-r2", "Candidate", outcome), Is.EqualTo(20));
        Assert.That(await Requests("digits-r2", "Candidate"), Is.EqualTo(20), "and nothing else");
        Assert.That(await Requests("digits-r1", "Stable", "ok"), Is.EqualTo(40));
        Assert.That(await Requests("digits-r1", "Stable"), Is.EqualTo(40), "and nothing else");
        Assert.That(await Router.MetricAsync("modelrouter_failovers_total", "revision=\"digits-r2\""), Is.EqualTo(20));
        Assert.That(await Router.MetricAsync("modelrouter_failovers_total", "revision=\"digits-r1\""), Is.Zero);
        Assert.That(await Router.MetricAsync("modelrouter_request_duration_seconds_count", "role=\"Candidate\""), Is.EqualTo(20));
    }

    [Test]
    public async Task ACandidate_that_cannot_be_reached_costs_no_request()
    {
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, ClosedPort()));

        var answers = await Router.AskAsync(10);

        Assert.That(answers, Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", "stable")));
        Assert.That(await Requests("digits-r2", "Candidate", "error"), Is.EqualTo(10));
    }

    [Test]
    public async Task Stable_gets_the_same_bytes_and_the_same_request()
    {
        await RestartRouterAsync(RouterUnderTest.Options with { CandidateTimeout = TimeSpan.FromSeconds(29) });
        Candidate.Behaviour = FakeModel.AnswersWith(500);
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, Candidate.Address));
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body);

        using var request = new HttpRequestMessage(
            HttpMethod.Put,
            new Uri($"{Router.Data}default/digits/v2/a%2Fb/../c?x=%41", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = new ByteArrayContent(body),
            Headers = { { "x-caller", "me" }, { "x-request-id", "request-1" } },
        };
        using var response = await Router.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Stable.Requests.TryDequeue(out var onStable) && Candidate.Requests.TryDequeue(out _), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(onStable!.Method, Is.EqualTo("PUT"));
            Assert.That(onStable.Target, Is.EqualTo("/v2/a%2Fb/../c?x=%41"));
            Assert.That(onStable.Body.AsSpan().SequenceEqual(body), Is.True, "body");
            Assert.That(onStable.Headers["x-caller"], Is.EqualTo("me"));
            Assert.That(onStable.Headers["x-request-id"], Is.EqualTo("request-1"));
        });
    }

    [Test]
    public async Task A_body_without_a_length_is_sent_again_as_well()
    {
        Candidate.Behaviour = FakeModel.Resets;
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, Candidate.Address));
        var body = new byte[200_000];
        new Random(1).NextBytes(body);

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Router.Data, "/default/digits/x"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentLength = null } },
            Headers = { TransferEncodingChunked = true },
        };
        using var response = await Router.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Stable.Requests.Single().Body.AsSpan().SequenceEqual(body), Is.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_body_that_is_too_large_to_keep_is_passed_on_whole_and_sent_once(bool chunked)
    {
        await RestartRouterAsync(RouterUnderTest.Options with { ReplayBodyBytes = 50_000 });
        Candidate.Behaviour = FakeModel.AnswersWith(500);
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, Candidate.Address));
        var body = new byte[200_000];
        new Random(1).NextBytes(body);

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Router.Data, "/default/digits/x")) { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await Router.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("the candidate's own words"));
        Assert.That(Candidate.Requests.Single().Body.AsSpan().SequenceEqual(body), Is.True);
        Assert.That(Stable.Requests, Is.Empty);
    }

    [Test]
    public async Task Without_failover_the_caller_sees_theCandidates_answer()
    {
        Candidate.Behaviour = FakeModel.AnswersWith(500);
        Router.Serve(new TestRoute(failover: false).Stable(0, Stable.Address).Candidate(100, Candidate.Address));

        using var response = await Router.PostAsync([1]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("the candidate's own words"));
        Assert.That(RouterUnderTest.Revision(response), Is.EqualTo("digits-r2"));
    }

    [Test]
    public async Task Without_a_readyStable_the_caller_sees_theCandidates_answer()
    {
        Candidate.Behaviour = FakeModel.AnswersWith(500);
        Router.Serve(new TestRoute().Stable(0).Candidate(100, Candidate.Address));

        using var response = await Router.PostAsync([1]);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("the candidate's own words"));
        Assert.That(await Router.MetricAsync("modelrouter_failovers_total"), Is.Zero);
    }

    [Test]
    public async Task When_both_fail_the_caller_seesStables_answer()
    {
        Candidate.Behaviour = FakeModel.AnswersWith(500);
        Stable.Behaviour = FakeModel.AnswersWith(507);
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, Candidate.Address));

        using var response = await Router.PostAsync([1]);

        Assert.That((int)response.StatusCode, Is.EqualTo(507));
        Assert.That(RouterUnderTest.Revision(response), Is.EqualTo("digits-r1"));
        Assert.That(await Requests("digits-r1", "Stable", "error"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_wrong_request_is_the_callers_and_is_not_tried_again()
    {
        Candidate.Behaviour = FakeModel.AnswersWith(422);
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, Candidate.Address));

        using var response = await Router.PostAsync([1]);

        Assert.That((int)response.StatusCode, Is.EqualTo(422));
        Assert.That(Stable.Requests, Is.Empty);
        Assert.That(await Requests("digits-r2", "Candidate", "client_error"), Is.EqualTo(1));
    }

    [Test]
    public async Task AStable_pod_that_is_gone_costs_no_request()
    {
        Router.Serve(new TestRoute().Stable(100, Stable.Address, ClosedPort()));

        var answers = await Router.AskAsync(40);

        Assert.That(answers, Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", "stable")));
        Assert.That(Stable.Requests, Has.Count.EqualTo(40));
    }

    [Test]
    public async Task ACandidate_fails_over_to_aStable_pod_that_is_there()
    {
        Candidate.Behaviour = FakeModel.Resets;
        Router.Serve(new TestRoute().Stable(0, Stable.Address, ClosedPort()).Candidate(100, Candidate.Address));

        var answers = await Router.AskAsync(40);

        Assert.That(answers, Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", "stable")));
    }

    [Test]
    public async Task A_model_that_nobody_can_reach_is_a_503_that_says_so_and_when_to_come_back()
    {
        Router.Serve(new TestRoute().Stable(100, ClosedPort()));

        using var response = await Router.PostAsync([1]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"error":"revision digits-r1 could not be reached"}"""));
        Assert.That(await Requests("digits-r1", "Stable", "error"), Is.EqualTo(2), "it was tried once more");
    }

    [Test]
    public async Task AStable_model_that_hangs_is_a_504_and_a_timeout()
    {
        await RestartRouterAsync(RouterUnderTest.Options with { Timeout = TimeSpan.FromMilliseconds(200) });
        Stable.Behaviour = FakeModel.Hangs;
        Router.Serve(new TestRoute().Stable(100, Stable.Address));

        using var response = await Router.PostAsync([1]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
        Assert.That(await Requests("digits-r1", "Stable", "timeout"), Is.EqualTo(1));
        Assert.That(await Requests("digits-r1", "Stable"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_caller_that_leaves_is_no_failure_of_theCandidate()
    {
        await RestartRouterAsync(RouterUnderTest.Options with { CandidateTimeout = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromMinutes(2) });
        var arrived = new TaskCompletionSource();
        Candidate.Behaviour = context =>
        {
            arrived.SetResult();
            return FakeModel.Hangs(context);
        };
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, Candidate.Address));
        using var caller = new CancellationTokenSource();

        var asking = Router.Http.PostAsync(new Uri(Router.Data, "/default/digits/x"), new ByteArrayContent([1]), caller.Token);
        await arrived.Task;
        await caller.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Requests("digits-r2", "Candidate", "canceled"), Is.EqualTo(1));
        Assert.That(Stable.Requests, Is.Empty);
    }

    [Test]
    public async Task A_stream_of_unknown_length_reaches_the_caller_as_it_comes()
    {
        var goOn = new TaskCompletionSource();
        Candidate.Behaviour = async context =>
        {
            await context.Response.WriteAsync("first ");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.WriteAsync("second");
        };
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, Candidate.Address));

        using var response = await Router.Http.GetAsync(new Uri(Router.Data, "/default/digits/stream"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var start = new char[6];
        await reader.ReadBlockAsync(start);
        goOn.SetResult();

        Assert.That(new string(start), Is.EqualTo("first "));
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("second"));
    }

    private Task<double?> Requests(string revision, string role, string? outcome = null) => Router.MetricAsync(
        "modelrouter_requests_total",
        [$"revision=\"{revision}\"", $"role=\"{role}\"", .. outcome is null ? (string[])[] : [$"outcome=\"{outcome}\""]]);

    // A port that was free a moment ago: connecting to it is refused.
    private static string ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}";
    }
}
