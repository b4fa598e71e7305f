using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Tests.Analysis.Prometheus;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Tests.Analysis;

internal sealed class JudgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Uri Default = new("http://default:9090/");

    private readonly ManualTime _time = new(Start.AddSeconds(60));
    private ScriptedPrometheus _prometheus = null!;
    private HttpClient _http = null!;

    [SetUp]
    public void SetUp()
    {
        _time.Now = Start.AddSeconds(60);
        _prometheus = new ScriptedPrometheus();
        _http = new HttpClient(_prometheus);
    }

    [TearDown]
    public void TearDown()
    {
        _http.Dispose();
        _prometheus.Dispose();
    }

    [Test]
    public async Task The_error_rate_comes_from_raw_counters_since_the_step_with_stable_beside_it()
    {
        // Two router pods: one knew the candidate before the step (100 ok, 90 errors then), the other appears in it.
        _prometheus.Answer = (query, _) => Task.FromResult(ScriptedPrometheus.Json(query.StartsWith("last")
            ? ScriptedPrometheus.Vector(
                (Labels("digits-r1", "a", "ok"), "1000"), (Labels("digits-r2", "a", "ok"), "100"), (Labels("digits-r2", "a", "error"), "90"))
            : ScriptedPrometheus.Matrix(
                ("\"__name__\":\"m\"," + Labels("digits-r1", "a", "ok"), [(Start.AddSeconds(50), 1200)]),
                ("\"__name__\":\"m\"," + Labels("digits-r2", "a", "ok"), [(Start.AddSeconds(-1), 100), (Start.AddSeconds(50), 120)]),
                ("\"__name__\":\"m\"," + Labels("digits-r2", "a", "error"), [(Start.AddSeconds(-1), 90), (Start.AddSeconds(50), 92)]),
                ("\"__name__\":\"m\"," + Labels("digits-r2", "b", "ok"), [(Start.AddSeconds(50), 30)]),
                ("\"__name__\":\"m\"," + Labels("digits-r2", "b", "timeout"), [(Start.AddSeconds(50), 13)]))));

        var report = await JudgeAsync(Policy(Errors()));

        Assert.Multiple(() =>
        {
            Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Rollback));
            Assert.That(report.Reason, Is.EqualTo("errors of policy digits-slo: error rate 23.1% over 65 requests is above 1%"));
            Assert.That(report.Metrics.Single().Baseline, Is.EqualTo("0%"));
            Assert.That(_prometheus.Asked.Select(a => (a["query"], a["time"])), Is.EquivalentTo(new[]
            {
                ("modelrouter_requests_total{namespace=~\"ml\",deployment=~\"digits\",revision=~\"digits-r1|digits-r2\"}[60s]", "1795176060.000"),
                ("last_over_time(modelrouter_requests_total{namespace=~\"ml\",deployment=~\"digits\",revision=~\"digits-r1|digits-r2\"}[3600s])", "1795176000.000"),
            }));
        });
    }

    [Test]
    public async Task A_latency_comes_from_the_buckets_and_metrics_share_their_queries()
    {
        var at = Start.AddSeconds(50);
        _prometheus.Answer = (query, _) => Task.FromResult(ScriptedPrometheus.Json(query.StartsWith("last")
            ? ScriptedPrometheus.Empty
            : ScriptedPrometheus.Matrix((Bucket("0.1"), [(at, 50)]), (Bucket("0.5"), [(at, 100)]), (Bucket("+Inf"), [(at, 100)]))));

        var report = await JudgeAsync(Policy(
            new() { Name = "typical", Builtin = "latencyP50", Max = 0.25 }, new() { Name = "slow", Builtin = "latencyP99", Max = 0.25 }));

        Assert.That(report.Reason, Is.EqualTo("slow of policy digits-slo: p99 latency 492ms over 100 requests is above 250ms"));
        Assert.That(report.Metrics.Select(m => (m.Verdict, m.Value)), Is.EqualTo(new[] { ("Pass", "100ms"), ("Fail", "492ms") }));
        Assert.That(_prometheus.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Saturation_is_the_mean_of_requests_in_flight_for_each_ready_pod()
    {
        _prometheus.Say(ScriptedPrometheus.Vector(("\"revision\":\"digits-r2\"", "9"), ("\"revision\":\"digits-r1\"", "40")));
        var policy = Policy(new PolicyMetric { Name = "busy", Builtin = "saturation", Max = 4 });
        var request = Request with { ReadyPods = new Dictionary<string, int> { ["digits-r1"] = 20, ["digits-r2"] = 2 } };

        var report = await JudgeAsync(policy, request);
        var query = _prometheus.Asked.Single()["query"];
        var without = await JudgeAsync(policy, Request);

        Assert.Multiple(() =>
        {
            Assert.That(query, Is.EqualTo(
                "sum by (revision) (avg_over_time(modelrouter_inflight_requests{namespace=~\"ml\",deployment=~\"digits\",revision=~\"digits-r1|digits-r2\"}[60s]))"));
            Assert.That((report.Metrics[0].Value, report.Metrics[0].Baseline), Is.EqualTo(("4.5", "2")));
            Assert.That(report.Reason, Is.EqualTo("busy of policy digits-slo: requests in flight for each ready pod 4.5 is above 4"));
            Assert.That((without.Metrics[0].Verdict, without.Metrics[0].Message), Is.EqualTo(("NoData", "no pod of digits-r2 is ready")));
        });
    }

    [Test]
    public async Task A_step_that_can_never_see_enough_requests_says_which_field_asks_for_them()
    {
        _time.Now = Start.AddMinutes(40);
        _prometheus.Answer = (query, _) => Task.FromResult(ScriptedPrometheus.Json(query.StartsWith("last")
            ? ScriptedPrometheus.Empty
            : ScriptedPrometheus.Matrix((Labels("digits-r2", "a", "ok"), [(Start.AddMinutes(39), 12)]))));

        var report = await JudgeAsync(Policy(Errors()));

        Assert.That(
            (report.Decision, report.Reason),
            Is.EqualTo((JudgementDecision.Hold, "errors of policy digits-slo: 12 requests in the longest window, 30m, and at least 50 are needed: "
                + "with so few it never concludes; lower spec.metrics[0].minSamples of the policy, or give the step more traffic")));
    }

    [Test]
    public async Task No_samples_are_no_data_and_old_ones_too()
    {
        var none = await JudgeAsync(Policy(Errors()));
        _time.Now = Start.AddMinutes(20);
        _prometheus.Answer = (query, _) => Task.FromResult(ScriptedPrometheus.Json(query.StartsWith("last")
            ? ScriptedPrometheus.Empty
            : ScriptedPrometheus.Matrix((Labels("digits-r2", "a", "ok"), [(Start.AddMinutes(8), 500)]))));
        var old = await JudgeAsync(Policy(Errors()));

        Assert.Multiple(() =>
        {
            Assert.That(none.Metrics.Single().Verdict, Is.EqualTo("NoData"));
            Assert.That(none.Metrics.Single().Message, Is.EqualTo("no samples of modelrouter_requests_total for digits-r2 since 12:00:00Z"));
            Assert.That(none.Decision, Is.EqualTo(JudgementDecision.Hold));
            Assert.That(old.Metrics.Single().Message, Is.EqualTo("the newest sample of modelrouter_requests_total for digits-r2 is 12m old"));
        });
    }

    [Test]
    public async Task A_look_that_is_not_due_asks_nothing_and_keeps_its_status()
    {
        _prometheus.Say(ScriptedPrometheus.Vector(("", "0.3")));
        var first = await JudgeAsync(Policy(Drift()));
        var asked = _prometheus.Asked.Count;
        _time.Now += TimeSpan.FromSeconds(14);
        var early = await JudgeAsync(Policy(Drift()), Request with { Previous = first.Metrics });
        var askedEarly = _prometheus.Asked.Count;
        _time.Now += TimeSpan.FromSeconds(1);
        var due = await JudgeAsync(Policy(Drift()), Request with { Previous = early.Metrics });

        Assert.Multiple(() =>
        {
            Assert.That(early.Metrics[0], Is.SameAs(first.Metrics[0]));
            Assert.That(early.NextLookAt, Is.EqualTo(first.NextLookAt));
            Assert.That((asked, askedEarly, _prometheus.Asked.Count), Is.EqualTo((1, 1, 2)));
            Assert.That(due.Metrics[0].At, Is.EqualTo(_time.Now.UtcDateTime));
        });
    }

    [Test]
    public async Task A_new_step_begins_with_no_failures_and_is_not_looked_at_before_its_first_interval()
    {
        _prometheus.Say(ScriptedPrometheus.Vector(("", "9")));
        var before = await JudgeAsync(Policy(Drift()));
        var next = Request with { Previous = before.Metrics, StepStartedAt = _time.Now };

        var fresh = await JudgeAsync(Policy(Drift()), next);
        _time.Now += TimeSpan.FromSeconds(15);
        var looked = await JudgeAsync(Policy(Drift()), next with { Previous = fresh.Metrics });

        Assert.Multiple(() =>
        {
            Assert.That((fresh.Decision, fresh.Metrics[0].Failures, fresh.Metrics[0].At), Is.EqualTo((JudgementDecision.Hold, (int?)0, (DateTime?)null)));
            Assert.That(fresh.Reason, Is.EqualTo("score of policy digits-slo: not looked at yet in this step"));
            Assert.That(fresh.NextLookAt, Is.EqualTo(next.StepStartedAt.AddSeconds(15)));
            Assert.That((looked.Decision, looked.Metrics[0].Failures), Is.EqualTo((JudgementDecision.Rollback, (int?)1)));
        });
    }

    [Test]
    public async Task A_query_is_filled_in_and_its_window_stays_within_the_step()
    {
        _time.Now = Start.AddSeconds(75.9);
        await JudgeAsync(Policy(new PolicyMetric { Name = "q", Query = "f{r=\"{{revision}}\"}[{{window}}]", Max = 1 }));

        Assert.That(_prometheus.Asked.Single()["query"], Is.EqualTo("f{r=\"digits-r2\"}[75s]"));
    }

    [Test]
    public async Task Several_series_are_an_error_that_names_their_labels_unless_they_are_reduced()
    {
        _prometheus.Say(ScriptedPrometheus.Vector(("\"pod\":\"a\"", "0.6"), ("\"pod\":\"b\"", "0.8")));
        var plain = Drift();
        var reduced = Drift();
        (reduced.Name, reduced.Reduce) = ("reduced", "avg");

        var report = await JudgeAsync(Policy(plain, reduced));

        Assert.Multiple(() =>
        {
            Assert.That(report.Metrics.Select(m => m.Verdict), Is.EqualTo(new[] { "Error", "Pass" }));
            Assert.That(
                report.Metrics[0].Message,
                Is.EqualTo("the answer has 2 series where one is expected, for example {pod=\"a\"} and {pod=\"b\"}; aggregate them in spec.metrics[0].query or set reduce"));
            Assert.That(report.Metrics[1].Value, Is.EqualTo("0.7"));
            Assert.That(_prometheus.Asked, Has.Count.EqualTo(1), "equal queries are asked once");
        });
    }

    [TestCase("""{"status":"success","data":{"resultType":"scalar","result":[1,"0.7"]}}""", "Pass", null)]
    [TestCase("""{"status":"success","data":{"resultType":"scalar","result":[1,"NaN"]}}""", "NoData", "the value is NaN")]
    [TestCase("""{"status":"success","data":{"resultType":"scalar","result":[1,"+Inf"]}}""", "Error", "the value is infinite")]
    [TestCase("""{"status":"success","warnings":["store is away"],"data":{"resultType":"vector","result":[]}}""", "NoData", "the answer is empty: no series matches (store is away)")]
    [TestCase("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", "Error", "the query gives a range of samples")]
    [TestCase("""{"status":"error","errorType":"bad_data","error":"parse error"}""", "Error", "Prometheus at http://default:9090/ refused the query")]
    public async Task Every_answer_to_a_query_has_its_outcome(string answer, string verdict, string? message)
    {
        _prometheus.Say(answer);

        var status = (await JudgeAsync(Policy(Drift()))).Metrics.Single();

        Assert.That(status.Verdict, Is.EqualTo(verdict));
        Assert.That(status.Message, message is null ? Is.Null : Does.StartWith(message));
    }

    [Test]
    public async Task A_Prometheus_that_is_down_holds_says_so_and_fails_nothing()
    {
        _prometheus.Answer = (_, _) => throw new HttpRequestException("Connection refused");

        var report = await JudgeAsync(Policy(Errors()));

        Assert.Multiple(() =>
        {
            Assert.That((report.Decision, report.Metrics[0].Failures), Is.EqualTo((JudgementDecision.Hold, (int?)0)));
            Assert.That(
                report.MetricsError,
                Is.EqualTo("errors of policy digits-slo: Prometheus at http://default:9090/ cannot be reached: Connection refused (since 12:01:00Z; pauses after 10m)"));
        });
    }

    [Test]
    public async Task A_policy_that_cannot_judge_is_an_error_with_the_fields_path_and_asks_nothing()
    {
        var report = await JudgeAsync(Policy(Errors(), new() { Name = "typo", Query = "{{revison}}", Max = 1 }));

        Assert.That(report.Metrics[1].Verdict, Is.EqualTo("Error"));
        Assert.That(report.Metrics[1].Message, Does.StartWith("spec.metrics[1].query: unknown variable {{revison}}"));
    }

    [Test]
    public async Task Without_any_Prometheus_it_says_where_to_name_one()
    {
        var report = await JudgeAsync(Policy(Errors()), address: null);

        Assert.That(report.Metrics[0].Message, Does.StartWith("there is no Prometheus to ask: give spec.prometheus.address"));
    }

    [Test]
    public async Task A_policys_own_Prometheus_is_asked()
    {
        var policy = Policy(Drift());
        policy.Spec.Prometheus = new() { Address = "http://own:1234/x" };

        await JudgeAsync(policy);

        Assert.That(_prometheus.LastAddress, Is.EqualTo(new Uri("http://own:1234/x/api/v1/query")));
    }

    [Test]
    public async Task A_query_about_stable_has_no_data_while_there_is_none()
    {
        var metric = new PolicyMetric { Name = "ratio", Query = "a{r=\"{{stableRevision}}\"}", Max = 1 };

        var report = await JudgeAsync(Policy(metric), Request with { StableRevision = null });

        Assert.That((report.Metrics[0].Verdict, _prometheus.Asked.Count), Is.EqualTo(("NoData", 0)));
    }

    [Test]
    public async Task Behind_a_gateway_the_model_servers_count_and_a_rejected_request_is_an_error()
    {
        _prometheus.Answer = (query, _) => Task.FromResult(ScriptedPrometheus.Json(query.StartsWith("last")
            ? ScriptedPrometheus.Empty
            : ScriptedPrometheus.Matrix(
                ("\"namespace\":\"ml\",\"revision\":\"digits-r2\",\"outcome\":\"ok\"", [(Start.AddSeconds(50), 97)]),
                ("\"namespace\":\"ml\",\"revision\":\"digits-r2\",\"outcome\":\"error\"", [(Start.AddSeconds(50), 1)]),
                ("\"namespace\":\"ml\",\"revision\":\"digits-r2\",\"outcome\":\"rejected\"", [(Start.AddSeconds(50), 2)]))));

        var report = await JudgeAsync(Policy(Errors()), Request with { Source = CounterSource.ModelServer });

        Assert.Multiple(() =>
        {
            Assert.That(report.Reason, Is.EqualTo("errors of policy digits-slo: error rate 3% over 100 requests is above 1%"));
            Assert.That(_prometheus.Asked[^1]["query"], Is.EqualTo("modelserver_inference_total{namespace=~\"ml\",deployment=~\"\",revision=~\"digits-r1|digits-r2\"}[60s]"));
        });
    }

    [Test]
    public async Task Behind_a_gateway_no_data_comes_with_its_reason()
    {
        var latency = new PolicyMetric { Name = "slow", Builtin = "latencyP99", Max = 1 };
        var comparison = new PolicyMetric { Name = "worse", Compare = new() { Builtin = "errors" } };
        var difference = new PolicyMetric { Name = "same", Builtin = "disagreement", Max = 0.1 };

        var report = await JudgeAsync(Policy(latency, comparison, difference), Request with { Source = CounterSource.ModelServer });

        Assert.Multiple(() =>
        {
            Assert.That(report.Metrics.Select(metric => metric.Verdict), Is.EqualTo(new[] { "NoData", "NoData", "Error" }));
            Assert.That(report.Metrics[0].Message, Does.StartWith("no samples of modelserver_inference_duration_seconds_bucket for digits-r2").And.Contain("Prometheus must add the label namespace"));
            Assert.That(report.Metrics[1].Message, Does.Contain("its runtime must export it"));
            Assert.That(report.Metrics[2].Message, Does.StartWith("only routers compare answers"));
        });
    }

    [Test]
    public async Task Without_policies_nothing_stands_in_the_way()
    {
        var report = await JudgeAsync();

        Assert.That((report.Decision, report.Metrics.Count), Is.EqualTo((JudgementDecision.Advance, 0)));
    }

    private static JudgementRequest Request => new("ml", "digits", "digits-r2", "digits-r1", Start, [], []);

    private static string Labels(string revision, string pod, string outcome) =>
        $"\"namespace\":\"ml\",\"deployment\":\"digits\",\"revision\":\"{revision}\",\"pod\":\"{pod}\",\"outcome\":\"{outcome}\"";

    private static string Bucket(string bound) => $"\"namespace\":\"ml\",\"deployment\":\"digits\",\"revision\":\"digits-r2\",\"le\":\"{bound}\"";

    private static PolicyMetric Errors() => new() { Name = "errors", Builtin = "errorRate", Max = 0.01 };

    private static PolicyMetric Drift() => new() { Name = "score", Query = "score{revision=\"{{revision}}\"}", Min = 0.5, Max = 1 };

    private static PolicySnapshot Policy(params PolicyMetric[] metrics) => new() { Name = "digits-slo", Spec = new() { Metrics = metrics } };

    private Task<JudgementReport> JudgeAsync(params PolicySnapshot[] policies) => JudgeAsync(policies, Request, Default);

    private Task<JudgementReport> JudgeAsync(PolicySnapshot policy, JudgementRequest request) => JudgeAsync([policy], request, Default);

    private Task<JudgementReport> JudgeAsync(PolicySnapshot policy, Uri? address) => JudgeAsync([policy], Request, address);

    private Task<JudgementReport> JudgeAsync(PolicySnapshot[] policies, JudgementRequest request, Uri? address)
    {
        var client = new PrometheusClient(_http, TimeProvider.System);
        return new Judge(client, new CounterFeed(client), new AnalysisOptions(address), new AnalysisMetrics(new FakeMeters(), _time), _time, NullLogger<Judge>.Instance)
            .JudgeAsync(request with { Policies = policies }, CancellationToken.None);
    }
}
