using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.EndToEnd;

internal sealed class RoutingTests() : TwoRevisions(FakeModel.Answers("stable"), FakeModel.Answers("candidate"))
{
    [Test]
    public async Task One_percent_is_exactly_one_percent_with_many_callers_at_once()
    {
        Router.Serve(new TestRoute().Stable(99, Stable.Address).Candidate(1, Candidate.Address));

        var answers = await Router.AskAsync(1000, atATime: 16);

        Assert.That(answers.Count(answer => answer.Revision == "digits-r2"), Is.EqualTo(10));
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", "revision=\"digits-r2\"", "outcome=\"ok\""), Is.EqualTo(10));
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", "revision=\"digits-r1\"", "outcome=\"ok\""), Is.EqualTo(990));
    }

    [Test]
    public async Task Changing_weights_under_load_loses_nothing_and_the_last_change_holds()
    {
        Router.Serve(new TestRoute().Stable(100, Stable.Address));
        var load = Router.AskAsync(1500, atATime: 16);
        for (var generation = 2; !load.IsCompleted; generation++)
        {
            var weight = generation * 7 % 101;
            Router.Serve(new TestRoute(generation: generation).Stable(100 - weight, Stable.Address).Candidate(weight, Candidate.Address));
            await Task.Yield();
        }

        Assert.That((await load).Where(answer => answer.Status != HttpStatusCode.OK), Is.Empty);
        Assert.That(Stable.Requests, Is.Not.Empty);
        Assert.That(Candidate.Requests, Is.Not.Empty);

        Router.Serve(new TestRoute(generation: 9999).Stable(100, Stable.Address).Candidate(0, Candidate.Address));
        Assert.That(await Router.AskAsync(100), Has.All.EqualTo((HttpStatusCode.OK, "digits-r1", "stable")));
    }

    [Test]
    public async Task Every_answer_says_which_version_gave_it()
    {
        Router.Serve(new TestRoute().Stable(100, Stable.Address));

        using var response = await Router.PostAsync([1]);

        Assert.Multiple(() =>
        {
            Assert.That(Header(response, "x-model-revision"), Is.EqualTo("digits-r1"));
            Assert.That(Header(response, "x-model-version"), Is.EqualTo("1"));
            Assert.That(Header(response, "x-model-digest"), Is.EqualTo("sha-of-digits-r1"));
            Assert.That(Header(response, "x-request-id"), Is.EqualTo(Stable.Requests.Single().Headers["x-request-id"]).And.Length.EqualTo(36));
        });
    }

    [Test]
    public async Task What_the_pod_says_about_itself_stands()
    {
        Stable.Behaviour = context =>
        {
            context.Response.Headers["x-model-digest"] = "what was loaded";
            context.Response.Headers["x-request-id"] = "the pod's own";
            return context.Response.WriteAsync("ok");
        };
        Router.Serve(new TestRoute().Stable(100, Stable.Address));

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Router.Data, "/default/digits/")) { Headers = { { "x-request-id", "mine" } } };
        using var response = await Router.Http.SendAsync(request);

        Assert.That(Header(response, "x-model-digest"), Is.EqualTo("what was loaded"));
        Assert.That(Header(response, "x-request-id"), Is.EqualTo("mine"));
    }

    [Test]
    public async Task A_model_is_reached_by_host_too()
    {
        Router.Serve(new TestRoute().Stable(100, Stable.Address));

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Router.Data, "/v2/health/ready?x=1")) { Headers = { Host = "digits.default.example.com" } };
        using var response = await Router.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Stable.Requests.Single().Target, Is.EqualTo("/v2/health/ready?x=1"));
    }

    [Test]
    public async Task An_unknown_route_is_a_404_that_names_what_was_asked()
    {
        using var response = await Router.PostAsync([1], "/default/other/v2?secret=1");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(Header(response, "x-request-id"), Is.Not.Empty);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString();
        Assert.That(error, Does.StartWith("no model is served at /default/other/v2 (host 127.0.0.1:").And.Not.Contain("secret"));
    }

    [Test]
    public async Task A_route_without_ready_pods_is_a_503_that_says_so_and_when_to_come_back()
    {
        Router.Serve(new TestRoute().Stable(100).Candidate(0));

        using var response = await Router.PostAsync([1]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"error":"no pod of default/digits is ready"}"""));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_body_over_the_limit_is_a_413(bool chunked)
    {
        await RestartRouterAsync(RouterUnderTest.Options with { MaxBodyBytes = 1000, ReplayBodyBytes = 500 });
        Router.Serve(new TestRoute().Stable(100, Stable.Address));

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Router.Data, "/default/digits/x")) { Content = new ByteArrayContent(new byte[2000]) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await Router.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("""{"error":"""));
        Assert.That(await Router.MetricAsync("modelrouter_requests_total", "outcome=\"error\""), Is.Zero);
    }

    [Test]
    public async Task Series_are_zero_as_soon_as_a_route_names_a_revision()
    {
        Router.Serve(new TestRoute().Stable(100, Stable.Address).Candidate(0));

        foreach (var outcome in (string[])["ok", "client_error", "error", "timeout", "canceled"])
        {
            Assert.That(
                await Router.MetricAsync(
                    "modelrouter_requests_total", "namespace=\"default\"", "deployment=\"digits\"", "revision=\"digits-r2\"", "role=\"Candidate\"", $"outcome=\"{outcome}\""),
                Is.Zero, outcome);
        }
        Assert.That(await Router.MetricAsync("modelrouter_request_duration_seconds_count", "revision=\"digits-r2\"", "role=\"Candidate\""), Is.Zero);
        Assert.That(await Router.MetricAsync("modelrouter_failovers_total", "revision=\"digits-r2\""), Is.Zero);
        Assert.That(await Router.MetricAsync("modelrouter_inflight_requests", "revision=\"digits-r2\""), Is.Zero);
    }

    [Test]
    public async Task The_generation_that_is_served_is_told()
    {
        var served = new Uri(Router.Health, "/routes/default/digits");
        Assert.That((await Router.Http.GetAsync(served)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

        Router.Serve(new TestRoute(generation: 7).Stable(100, Stable.Address));
        Assert.That(await Router.Http.GetStringAsync(served), Is.EqualTo("""{"generation":7}"""));
    }

    [Test]
    public async Task TheRouter_is_ready_when_it_knows_the_routes()
    {
        var ready = new Uri(Router.Health, "/readyz");
        Router.Routes.HasSynced = false;
        Assert.That((await Router.Http.GetAsync(ready)).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));

        Router.Routes.HasSynced = true;
        Assert.That(await Router.Http.GetStringAsync(ready), Is.EqualTo("ok\n"));
        Assert.That((await Router.Http.GetAsync(new Uri(Router.Data, "/readyz"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
