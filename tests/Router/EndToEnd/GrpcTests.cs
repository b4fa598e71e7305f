using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using ModelOperator.Router.Tests.Mirroring;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.EndToEnd;

internal sealed class GrpcTests() : TwoRevisions(Unary(1), Unary(2))
{
    // A message: not compressed, one byte long.
    private static readonly byte[] Message = [0, 0, 0, 0, 1, 42];

    [Test]
    public async Task A_call_goes_to_the_pods_gRPC_port_and_its_trailers_come_back()
    {
        Router.Serve(new TestRoute().Stable(100, Stable.Address).Grpc(Stable.GrpcPort));

        var (status, message, response) = await CallAsync();

        Assert.That((status, message), Is.EqualTo(("0", (byte)1)));
        Assert.That(response.Version, Is.EqualTo(HttpVersion.Version20));
        Assert.That(RouterUnderTest.Revision(response), Is.EqualTo("digits-r1"));
        var received = Stable.Requests.Single();
        Assert.That(received.Target, Is.EqualTo("/inference.GRPCInferenceService/ModelInfer"));
        Assert.That(received.Body, Is.EqualTo(Message));
        Assert.That(received.Headers["te"], Is.EqualTo("trailers"));
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", "outcome=\"ok\""), Is.EqualTo(1));
    }

    private static IEnumerable<TestCaseData> BadCandidates()
    {
        yield return new TestCaseData((RequestDelegate)(context => Fails(context, 13)), "error").SetArgDisplayNames("INTERNAL with the headers");
        yield return new TestCaseData((RequestDelegate)(context => FailsLater(context, 14)), "error").SetArgDisplayNames("UNAVAILABLE after the headers");
        yield return new TestCaseData((RequestDelegate)FakeModel.Resets, "error").SetArgDisplayNames("reset");
        yield return new TestCaseData((RequestDelegate)FakeModel.AnswersWith(503), "error").SetArgDisplayNames("503");
        yield return new TestCaseData((RequestDelegate)FakeModel.Hangs, "timeout").SetArgDisplayNames("hangs");
    }

    [TestCaseSource(nameof(BadCandidates))]
    public async Task ACandidate_that_fails_before_its_first_message_costs_no_call(RequestDelegate behaviour, string outcome)
    {
        Candidate.Behaviour = behaviour;
        Serve(stable: 0, candidate: 100);

        for (var i = 0; i < 5; i++)
        {
            var (status, message, response) = await CallAsync();
            Assert.That((status, message, RouterUnderTest.Revision(response)), Is.EqualTo(("0", (byte)1, "digits-r1")));
        }
        Assert.That(Stable.Requests, Has.Count.EqualTo(5).And.All.Matches<FakeModel.Received>(one => one!.Body.SequenceEqual(Message)));
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", "revision=\"digits-r2\"", $"outcome=\"{outcome}\""), Is.EqualTo(5));
        Assert.That(await Router.MetricAsync("modelrouter_failovers_total", "revision=\"digits-r2\""), Is.EqualTo(5));
    }

    [TestCase(0, "ok")]
    [TestCase(3, "client_error")]
    [TestCase(8, "client_error")]
    [TestCase(13, "error")]
    [TestCase(4, "timeout")]
    public async Task The_status_in_the_trailers_is_what_is_counted(int code, string outcome)
    {
        Stable.Behaviour = async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(Message);
            context.Response.AppendTrailer("grpc-status", $"{code}");
        };
        Router.Serve(new TestRoute().Stable(100, Stable.Address).Grpc(Stable.GrpcPort));

        Assert.That((await CallAsync()).Status, Is.EqualTo($"{code}"));
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", $"outcome=\"{outcome}\""), Is.EqualTo(1));
    }

    [Test]
    public async Task A_wrong_call_is_the_callers_and_is_not_tried_again()
    {
        Candidate.Behaviour = context => Fails(context, 3);
        Serve(stable: 0, candidate: 100);

        Assert.That((await CallAsync()).Status, Is.EqualTo("3"));
        Assert.That(Stable.Requests, Is.Empty);
    }

    [Test]
    public async Task Messages_go_both_ways_before_either_side_has_ended()
    {
        Candidate.Raw = async context =>
        {
            context.Response.ContentType = "application/grpc";
            var buffer = new byte[Message.Length];
            while (await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length)
            {
                buffer[^1]++;
                await context.Response.Body.WriteAsync(buffer);
            }
            context.Response.AppendTrailer("grpc-status", "0");
        };
        Serve(stable: 0, candidate: 100);
        var body = new StreamedContent();
        using var http = NewClient();
        using var request = NewRequest(body);

        var asking = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var upstream = await body.Opened;
        await upstream.WriteAsync(Message);
        await upstream.FlushAsync();
        using var response = await asking;
        await using var answers = await response.Content.ReadAsStreamAsync();
        for (byte expected = 43; expected < 46; expected++)
        {
            var answer = new byte[Message.Length];
            await answers.ReadExactlyAsync(answer);
            Assert.That(answer[^1], Is.EqualTo(expected));
            await upstream.WriteAsync(answer);
            await upstream.FlushAsync();
        }
        body.End();
        await answers.CopyToAsync(Stream.Null);

        Assert.That(response.TrailingHeaders.GetValues("grpc-status").Single(), Is.EqualTo("0"));
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", "revision=\"digits-r2\"", "outcome=\"ok\""), Is.EqualTo(1));
    }

    [Test]
    public async Task One_connection_of_a_caller_is_split_and_balanced_call_by_call()
    {
        Serve(stable: 75, candidate: 25);
        using var http = NewClient();

        for (var i = 0; i < 100; i++)
        {
            using var response = await http.SendAsync(NewRequest(new ByteArrayContent(Message)));
        }

        Assert.That((Stable.Requests.Count, Candidate.Requests.Count), Is.EqualTo((75, 25)));
    }

    [Test]
    public async Task The_callers_deadline_bounds_all_attempts()
    {
        Stable.Behaviour = FakeModel.Hangs;
        Router.Serve(new TestRoute().Stable(100, Stable.Address).Grpc(Stable.GrpcPort));

        var (status, _, response) = await CallAsync(("grpc-timeout", "200m"));

        Assert.That(status, Is.EqualTo("4"));
        Assert.That(Uri.UnescapeDataString(response.Headers.GetValues("grpc-message").Single()), Is.EqualTo("revision digits-r1 did not answer in time"));
    }

    [Test]
    public async Task What_cannot_be_answered_is_a_status_in_words()
    {
        Assert.That((await CallAsync()).Status, Is.EqualTo("5"), "no route");

        Router.Serve(new TestRoute().Stable(100));
        var (status, _, response) = await CallAsync();
        Assert.That(status, Is.EqualTo("14"), "no pod");
        Assert.That(Uri.UnescapeDataString(response.Headers.GetValues("grpc-message").Single()), Is.EqualTo("no pod of default/digits is ready"));

        Router.Serve(new TestRoute().Stable(100, Stable.Address));
        Assert.That((await CallAsync()).Status, Is.EqualTo("12"), "no port");
    }

    [Test]
    public async Task Other_requests_over_HTTP_2_are_ordinary_requests()
    {
        Router.Serve(new TestRoute().Stable(100, Stable.Address));
        Stable.Behaviour = FakeModel.Answers("plain");
        using var http = NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Router.Grpc, "/default/digits/v2"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([1]),
        };
        using var response = await http.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("plain"));
    }

    [Test]
    public async Task Calls_are_mirrored_too()
    {
        var test = new TestRoute().Stable(100, Stable.Address).Grpc(Stable.GrpcPort).Candidate(0, Candidate.Address).Grpc(Candidate.GrpcPort);
        test.Resource.Spec.Backends[1].Mirror = 100;
        Candidate.Behaviour = context => Fails(context, 13);
        Router.Serve(test);

        Assert.That((await CallAsync()).Status, Is.EqualTo("0"));

        Assert.That(await Router.WhenMetricAsync("modelrouter_disagreements_total", 1, "revision=\"digits-r2\""), Is.EqualTo(1));
        Assert.That(Candidate.Requests.Single().Body, Is.EqualTo(Message));
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", "revision=\"digits-r2\"", "outcome=\"error\""), Is.EqualTo(1));
    }

    [TestCase(3, 0)]
    [TestCase(4, 1)]
    public async Task Copies_of_inferences_are_compared_by_what_their_messages_decide(long label, int disagreements)
    {
        var test = new TestRoute().Stable(100, Stable.Address).Grpc(Stable.GrpcPort).Candidate(0, Candidate.Address).Grpc(Candidate.GrpcPort);
        test.Resource.Spec.Backends[1].Mirror = 100;
        Stable.Behaviour = Infers(7, 3, [0.1f, 0.7f, 0.2f, 0.6f, 0.3f, 0.1f]);
        Candidate.Behaviour = Infers(7, label, [0.0f, 0.9f, 0.1f, 0.8f, 0.1f, 0.1f]);
        Router.Serve(test);

        Assert.That((await CallAsync()).Status, Is.EqualTo("0"));

        Assert.That(await Router.WhenMetricAsync("modelrouter_mirrored_total", 1, "revision=\"digits-r2\""), Is.EqualTo(1));
        Assert.That(await Router.MetricAsync("modelrouter_disagreements_total", "revision=\"digits-r2\""), Is.EqualTo(disagreements));
    }

    private void Serve(int stable, int candidate) => Router.Serve(
        new TestRoute().Stable(stable, Stable.Address).Grpc(Stable.GrpcPort).Candidate(candidate, Candidate.Address).Grpc(Candidate.GrpcPort));

    private async Task<(string? Status, byte Message, HttpResponseMessage Response)> CallAsync(params (string, string)[] headers)
    {
        using var http = NewClient();
        using var request = NewRequest(new ByteArrayContent(Message));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var values) || response.Headers.TryGetValues("grpc-status", out values)
            ? values.Single()
            : null;
        return (status, body.Length == 0 ? (byte)0 : body[^1], response);
    }

    private HttpRequestMessage NewRequest(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return new HttpRequestMessage(HttpMethod.Post, new Uri(Router.Grpc, "/inference.GRPCInferenceService/ModelInfer"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
            Headers = { Host = "digits.default.models", TE = { new TransferCodingWithQualityHeaderValue("trailers") } },
        };
    }

    private static HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false });

    private static RequestDelegate Unary(byte answer) => Answers([.. Message[..^1], answer]);

    private static RequestDelegate Infers(long first, long second, float[] scores) =>
        Answers(GrpcV2AnswerTests.Framed(GrpcV2AnswerTests.Raw(first, second, scores).ToByteArray()));

    private static RequestDelegate Answers(byte[] body) => async context =>
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(body);
        context.Response.AppendTrailer("grpc-status", "0");
    };

    private static Task Fails(HttpContext context, int code)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = $"{code}";
        return Task.CompletedTask;
    }

    private static async Task FailsLater(HttpContext context, int code)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.StartAsync();
        context.Response.AppendTrailer("grpc-status", $"{code}");
    }

    /// <summary>A body that a test writes while it is being sent.</summary>
    private sealed class StreamedContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Stream> Opened => _opened.Task;

        public void End() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _opened.SetResult(stream);
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
