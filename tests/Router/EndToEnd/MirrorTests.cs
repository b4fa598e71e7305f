using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelOperator.Router.Mirroring;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.EndToEnd;

internal sealed class MirrorTests() : TwoRevisions(FakeModel.Answers(Seven), FakeModel.Answers(Seven))
{
    private const string Seven = """{"outputs":[{"name":"y","datatype":"INT64","shape":[1],"data":[7]}]}""";
    private const string Three = """{"outputs":[{"name":"y","datatype":"INT64","shape":[1],"data":[3]}]}""";

    [Test]
    public async Task ACandidate_gets_the_same_request_and_callers_getStables_answer()
    {
        Router.Serve(Mirrored(100));

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Router.Data, "/default/digits/v2/models/digits/infer?a=b%2Fc"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes("the body")),
            Headers = { { "x-caller", "me" }, { "x-request-id", "request-1" } },
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await Router.Http.SendAsync(request);

        Assert.That(RouterUnderTest.Revision(response), Is.EqualTo("digits-r1"));
        Assert.That(await Router.WhenMetricAsync("modelrouter_mirrored_total", 1, "revision=\"digits-r2\""), Is.EqualTo(1));
        var (live, copy) = (Stable.Requests.Single(), Candidate.Requests.Single());
        Assert.Multiple(() =>
        {
            Assert.That(copy.Method, Is.EqualTo("POST"));
            Assert.That(copy.Target, Is.EqualTo("/v2/models/digits/infer?a=b%2Fc"));
            Assert.That(copy.Body, Is.EqualTo(live.Body));
            Assert.That(copy.Headers.Where(header => header.Key is not "Host"), Is.EquivalentTo(live.Headers.Where(header => header.Key is not "Host")));
        });
    }

    [TestCase(Seven, 200, 0)]
    [TestCase(Three, 200, 20)]
    [TestCase(Seven, 500, 20)]
    public async Task What_theCandidate_answers_differently_is_counted(string answer, int status, int disagreements)
    {
        Candidate.Behaviour = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(answer);
        };
        Router.Serve(Mirrored(50));

        Assert.That(await Router.AskAsync(40), Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", Seven)));

        Assert.That(await Router.WhenMetricAsync("modelrouter_mirrored_total", 20, "revision=\"digits-r2\""), Is.EqualTo(20));
        Assert.That(await Router.MetricAsync("modelrouter_disagreements_total", "revision=\"digits-r2\""), Is.EqualTo(disagreements));
        Assert.That(
            await Router.MetricAsync("modelrouter_requests_total", "revision=\"digits-r2\"", "role=\"Candidate\"", status == 200 ? "outcome=\"ok\"" : "outcome=\"error\""),
            Is.EqualTo(20), "copies are judged like requests");
        Assert.That(await Router.MetricAsync("modelrouter_mirrored_total", "revision=\"digits-r1\""), Is.Zero);
    }

    [Test]
    public async Task ACandidate_that_hangs_costs_the_caller_nothing_and_holds_no_more_than_its_budget()
    {
        await RestartRouterAsync(RouterUnderTest.Options with { MirrorConcurrency = 4 });
        Candidate.Behaviour = FakeModel.Hangs;
        Router.Serve(Mirrored(100));

        Assert.That(await Router.AskAsync(200), Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", Seven)));

        Assert.That(await Router.WhenMetricAsync("modelrouter_mirror_skipped_total", 196, "revision=\"digits-r2\""), Is.EqualTo(196));
        Assert.That(await Router.WhenMetricAsync("modelrouter_inflight_requests", 4, "revision=\"digits-r2\""), Is.EqualTo(4));
    }

    [Test]
    public async Task Memory_for_copies_is_bounded_and_given_back()
    {
        await RestartRouterAsync(RouterUnderTest.Options with { MirrorMemoryBytes = 1000 });
        Router.Serve(Mirrored(100));

        using (await Router.PostAsync(new byte[2000]))
        {
            Assert.That(await Router.WhenMetricAsync("modelrouter_mirror_skipped_total", 1), Is.EqualTo(1));
        }
        using (await Router.PostAsync(new byte[100]))
        {
            Assert.That(await Router.WhenMetricAsync("modelrouter_mirrored_total", 1), Is.EqualTo(1));
        }
        Assert.That(() => Router.App.Services.GetRequiredService<MirrorBudget>().Taken, Is.Zero.After(30_000, 10));
    }

    [Test]
    public async Task WhatStable_failed_to_answer_is_not_compared()
    {
        Stable.Behaviour = FakeModel.AnswersWith(500);
        Router.Serve(Mirrored(100));

        using var response = await Router.PostAsync([1]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await Router.MetricAsync("modelrouter_mirrored_total"), Is.Zero);
        Assert.That(Candidate.Requests, Is.Empty);
    }

    [Test]
    public async Task Questions_about_the_server_are_not_copied()
    {
        Router.Serve(Mirrored(100));

        await Router.Http.GetStringAsync(new Uri(Router.Data, "/default/digits/v2/health/ready"));
        using var posted = await Router.PostAsync([1]);

        Assert.That(await Router.WhenMetricAsync("modelrouter_mirrored_total", 1), Is.EqualTo(1));
        Assert.That(Candidate.Requests.Single().Method, Is.EqualTo("POST"));
    }

    [Test]
    public async Task ACandidate_that_fails_most_requests_is_asked_off_the_callers_path_only()
    {
        Candidate.Behaviour = FakeModel.AnswersWith(500);
        Router.Serve(new TestRoute().Stable(50, Stable.Address).Candidate(50, Candidate.Address));

        var answers = await Router.AskAsync(200, atATime: 1);

        Assert.That(answers, Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", Seven)));
        Assert.That(await Router.MetricAsync("modelrouter_failovers_total", "revision=\"digits-r2\""), Is.EqualTo(20));
        Assert.That(await Router.WhenMetricAsync("modelrouter_mirrored_total", 80, "revision=\"digits-r2\""), Is.EqualTo(80), "the evidence goes on growing");
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", "revision=\"digits-r2\"", "outcome=\"error\""), Is.EqualTo(100));
    }

    [Test]
    public async Task ACandidate_that_fails_most_requests_does_not_stand_in_forStable()
    {
        Candidate.Behaviour = FakeModel.AnswersWith(500);
        Router.Serve(new TestRoute().Stable(0, Stable.Address).Candidate(100, Candidate.Address));
        await Router.AskAsync(20, atATime: 1);
        Router.Serve(new TestRoute().Stable(0).Candidate(100, Candidate.Address));

        using var response = await Router.PostAsync([1]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(
            await response.Content.ReadAsStringAsync(),
            Is.EqualTo("""{"error":"revision digits-r2 fails most requests and no stable pod of default/digits is ready"}"""));
    }

    private TestRoute Mirrored(int percent)
    {
        var test = new TestRoute().Stable(100, Stable.Address).Candidate(0, Candidate.Address);
        test.Resource.Spec.Backends[1].Mirror = percent;
        return test;
    }
}
