using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Tests.Analysis.RealPrometheus;

/// <summary>The judge against the real server: what it reads must be what was counted.</summary>
[NonParallelizable]
internal sealed class RealPrometheusTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private HttpClient _http = null!;
    private PrometheusClient _client = null!;
    private ScrapedRouter _router = null!;
    private PrometheusProcess _prometheus = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var program = PrometheusProcess.Find();
        if (program is null)
        {
            Assert.Fail("prometheus is neither on PATH nor in /usr/bin; install it (Debian: prometheus) to compare with the real server");
        }

        _http = AnalysisServices.CreateHttpClient();
        _client = new PrometheusClient(_http, TimeProvider.System);
        _router = await ScrapedRouter.StartAsync();
        _prometheus = await PrometheusProcess.StartAsync(program!, _router.Address, _client);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_prometheus is not null)
        {
            await _prometheus.DisposeAsync();
        }

        if (_router is not null)
        {
            await _router.DisposeAsync();
        }

        _http?.Dispose();
    }

    [Test]
    public async Task A_counter_that_appears_inside_the_window_counts_in_full_where_increase_sees_nothing()
    {
        _router.SetRequests("late-r1", "a", "ok", 500);
        await SeenAsync("modelrouter_requests_total{revision=\"late-r1\"}", 500);
        var step = TimeProvider.System.GetUtcNow();

        // The new pod's first scrape already shows all that it will count.
        _router.SetRequests("late-r2", "a", "ok", 50);
        _router.SetRequests("late-r2", "a", "error", 15);
        _router.SetRequests("late-r1", "a", "ok", 600);
        await SeenAsync("modelrouter_requests_total{revision=\"late-r1\"}", 600);
        await SeenAsync("count_over_time(modelrouter_requests_total{revision=\"late-r2\",outcome=\"error\"}[1m]) > bool 2", 1);

        var report = await JudgeAsync("late", step);
        var increase = await QueryAsync("sum(increase(modelrouter_requests_total{revision=\"late-r2\"}[1m]))");

        Assert.Multiple(() =>
        {
            Assert.That(report.Reason, Is.EqualTo("errors of policy slo: error rate 23.1% over 65 requests is above 1%"));
            Assert.That(report.Metrics[0].Baseline, Is.EqualTo("0%"));
            Assert.That(increase, Is.Zero, "the reason not to use increase()");
        });
    }

    [Test]
    public async Task What_was_counted_before_the_step_is_left_out_and_a_restart_loses_nothing()
    {
        _router.SetRequests("again-r2", "a", "ok", 1000);
        _router.SetRequests("again-r2", "a", "error", 900);
        await SeenAsync("sum(modelrouter_requests_total{revision=\"again-r2\"})", 1900);
        var step = TimeProvider.System.GetUtcNow();

        _router.SetRequests("again-r2", "a", "ok", 1040);
        _router.SetRequests("again-r2", "a", "error", 901);
        await SeenAsync("sum(modelrouter_requests_total{revision=\"again-r2\"})", 1941);

        // The pod restarts, its counters with it, and a second pod joins.
        _router.SetRequests("again-r2", "a", "ok", 30);
        _router.SetRequests("again-r2", "a", "error", 0);
        _router.SetRequests("again-r2", "b", "ok", 26);
        _router.SetRequests("again-r2", "b", "timeout", 3);
        await SeenAsync("sum(modelrouter_requests_total{revision=\"again-r2\"})", 59);

        var status = (await JudgeAsync("again", step)).Metrics[0];

        Assert.That((status.Samples, status.Value), Is.EqualTo((100L, "4%")));
    }

    [Test]
    public async Task A_quantile_is_the_one_that_Prometheus_computes_from_the_same_counts()
    {
        var step = TimeProvider.System.GetUtcNow();
        foreach (var (pod, counts) in new[] { ("a", new[] { 10, 60, 95, 99, 100 }), ("b", [0, 5, 30, 60, 61]) })
        {
            foreach (var (le, count) in new[] { "0.005", "0.05", "0.25", "1", "+Inf" }.Zip(counts))
            {
                _router.SetBucket("slow-r2", pod, le, count);
            }
        }

        await SeenAsync("sum(modelrouter_request_duration_seconds_bucket{revision=\"slow-r2\",le=\"+Inf\"})", 161);

        var metrics = (await JudgeAsync("slow", step)).Metrics;

        foreach (var (metric, q) in new[] { (1, 0.5), (2, 0.95), (3, 0.99) })
        {
            var expected = await QueryAsync(
                $"1000 * histogram_quantile({q}, sum by (le) (modelrouter_request_duration_seconds_bucket{{revision=\"slow-r2\"}}))");
            Assert.That(metrics[metric].Samples, Is.EqualTo(161));
            Assert.That(metrics[metric].Value, Is.EqualTo(expected >= 1000 ? $"{expected / 1000:0.##}s" : $"{expected:G3}ms"));
        }
    }

    [Test]
    public async Task A_comparison_counts_what_both_arms_counted_once_and_finds_the_worse_one()
    {
        var metric = new PolicyMetric { Name = "worse", Compare = new() { Builtin = "errors", ProvenBelow = 2 } };
        Count(1000, 5, 0, 0);
        await SeenAsync("sum(modelrouter_requests_total{revision=\"versus-r1\"})", 1005);
        var step = TimeProvider.System.GetUtcNow();
        Count(2000, 10, 100, 1);
        await SeenAsync("sum(modelrouter_requests_total{revision=~\"versus-r.\"})", 2111);
        var report = await JudgeAsync("versus", step, metric);
        var first = (report.Decision, report.Metrics[0].Verdict);
        var looks = 1;
        for (; looks < 20 && report.Decision == JudgementDecision.Advance; looks++)
        {
            Count(2000 + (1000 * looks), 10 + (5 * looks), 100 + (100 * looks), 1 + (40 * looks));
            await SeenAsync("sum(modelrouter_requests_total{revision=~\"versus-r.\"})", 2111 + (1145 * looks));
            var due = report.NextLookAt;
            await Eventually.TrueAsync("the next look is due", () => Task.FromResult(TimeProvider.System.GetUtcNow() >= due), Patience);
            report = await JudgeAsync(Request("versus-r2", step) with { StableRevision = "versus-r1", Previous = report.Metrics }, [metric]);
        }

        var sums = report.Metrics[0].Sequential!;
        var more = looks - 1;
        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo((JudgementDecision.Advance, "Pass")));
            Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Rollback));
            Assert.That(
                (sums.CandidateBad, sums.CandidateTotal, sums.StableBad, sums.StableTotal),
                Is.EqualTo((1L + (40 * more), 101L + (140 * more), 5L + (5 * more), 1005L + (1005 * more))));
            Assert.That(report.Reason, Does.Match(@"^worse of policy slo: \d+ of \d+ requests were errors, of stable's \d+ of \d+: shown to be more than 1 times as many"));
        });

        void Count(int stableOk, int stableBad, int candidateOk, int candidateBad)
        {
            _router.SetRequests("versus-r1", "a", "ok", stableOk);
            _router.SetRequests("versus-r1", "a", "error", stableBad);
            _router.SetRequests("versus-r2", "a", "ok", candidateOk);
            _router.SetRequests("versus-r2", "a", "error", candidateBad);
        }
    }

    [Test]
    public async Task Slow_requests_are_those_above_the_bound_in_the_histograms_of_all_pods_and_the_slower_revision_is_found()
    {
        var metric = new PolicyMetric { Name = "slower", Compare = new() { Builtin = "slow", SlowerThan = "250ms", MaxRatio = 2 } };
        Observe("sluggish-r1", "a", within: 900, slow: 3);
        Observe("sluggish-r1", "b", within: 600, slow: 2);
        await SeenAsync(Observations("sluggish-r1"), 1505);
        var step = TimeProvider.System.GetUtcNow();

        var (looks, report) = (0, (JudgementReport?)null);
        while (looks < 20 && report?.Decision != JudgementDecision.Rollback)
        {
            looks++;
            Observe("sluggish-r1", "a", within: 900 + (400 * looks), slow: 3 + (2 * looks));
            Observe("sluggish-r1", "b", within: 600 + (100 * looks), slow: 2 + looks);
            Observe("sluggish-r2", "a", within: 100 * looks, slow: 30 * looks);
            await SeenAsync(Observations("sluggish-r1"), 1505 + (503 * looks));
            await SeenAsync(Observations("sluggish-r2"), 130 * looks);
            if (report?.NextLookAt is { } due)
            {
                await Eventually.TrueAsync("the next look is due", () => Task.FromResult(TimeProvider.System.GetUtcNow() >= due), Patience);
            }

            report = await JudgeAsync(Request("sluggish-r2", step) with { StableRevision = "sluggish-r1", Previous = report?.Metrics ?? [] }, [metric]);
        }

        Assert.That(report!.Decision, Is.EqualTo(JudgementDecision.Rollback), report.Reason);
        var sums = report.Metrics[0].Sequential!;
        Assert.Multiple(() =>
        {
            Assert.That(
                (sums.CandidateBad, sums.CandidateTotal, sums.StableBad, sums.StableTotal),
                Is.EqualTo((30L * looks, 130L * looks, 3L * looks, 503L * looks)), "what was counted before the step is left out");
            Assert.That(report.Reason, Does.Match(
                $"^slower of policy slo: {30 * looks} of {130 * looks} requests were .*slower than 250ms, of stable's {3 * looks} of {503 * looks}: shown to be more than 2 times as many"));
        });

        // Half of what is within lies in the bucket that ends at the bound, and half of what is slow in the one that begins there.
        void Observe(string revision, string pod, int within, int slow)
        {
            foreach (var (le, count) in new[] { ("0.15", within / 2), ("0.25", within), ("0.4", within + (slow / 2)), ("+Inf", within + slow) })
            {
                _router.SetBucket(revision, pod, le, count);
            }
        }

        static string Observations(string revision) => $"sum(modelrouter_request_duration_seconds_bucket{{revision=\"{revision}\",le=\"+Inf\"}})";
    }

    [Test]
    public async Task A_query_that_Prometheus_cannot_parse_is_an_error_with_its_words()
    {
        var report = await JudgeAsync("any", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1), new PolicyMetric { Name = "broken", Query = "sum(", Max = 1 });

        Assert.That(report.Metrics[0].Verdict, Is.EqualTo("Error"));
        Assert.That(report.Metrics[0].Message, Does.StartWith($"Prometheus at {_prometheus.Address} refused the query (HTTP 400): bad_data: ").And.Contains("parse error"));
    }

    [Test]
    public async Task A_hostile_value_stays_inside_its_string_literal()
    {
        var request = Request("it's \"quoted\" \\ and\nbroken", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1));
        PolicyMetric[] metrics =
        [
            new() { Name = "double", Query = "absent(up{x=\"{{revision}}\"})", Max = 1 },
            new() { Name = "single", Query = "absent(up{x='{{revision}}'})", Max = 1 },
        ];

        var report = await JudgeAsync(request, metrics);

        Assert.That(report.Metrics.Select(m => (m.Verdict, m.Message)), Is.All.EqualTo(("Pass", (string?)null)));
    }

    [Test]
    public async Task What_model_servers_count_is_found_alone_and_among_others_though_it_names_no_deployment()
    {
        var feed = new CounterFeed(_client);
        var errors = new PolicyMetric { Name = "errors", Builtin = "errorRate", Max = 0.01 };
        var request = Request("served-r2", TimeProvider.System.GetUtcNow()) with { Source = CounterSource.ModelServer };
        _router.SetInferences("served-r2", "a", "ok", 90);
        _router.SetInferences("served-r2", "a", "rejected", 10);
        await SeenAsync("modelserver_inference_total{revision=\"served-r2\",outcome=\"rejected\"}", 10);
        var alone = await JudgeAsync(request, [errors], feed);

        _router.SetInferences("served-r2", "a", "ok", 390);
        await SeenAsync("modelserver_inference_total{revision=\"served-r2\",outcome=\"ok\"}", 390);
        var amongOthers = await JudgeAsync(request, [errors], feed);

        Assert.That(alone.Reason, Is.EqualTo("errors of policy slo: error rate 10% over 100 requests is above 1%"));
        Assert.That(amongOthers.Reason, Is.EqualTo("errors of policy slo: error rate 2.5% over 400 requests is above 1%"));
    }

    [Test]
    public async Task A_revision_that_nothing_measures_has_no_data()
    {
        var report = await JudgeAsync("nowhere", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1));

        Assert.That(report.Metrics.Select(m => m.Verdict), Is.All.EqualTo("NoData"));
        Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Hold));
    }

    private async Task<JudgementReport> JudgeAsync(string model, DateTimeOffset step, params PolicyMetric[] metrics) =>
        await JudgeAsync(Request(model + "-r2", step) with { StableRevision = model + "-r1" }, metrics);

    /// <summary>Judges as soon as the first look is due, a second into the step.</summary>
    private async Task<JudgementReport> JudgeAsync(JudgementRequest request, PolicyMetric[] metrics, CounterFeed? feed = null)
    {
        var policy = new PolicySnapshot
        {
            Name = "slo",
            Spec = new()
            {
                Interval = "1s",
                Metrics = metrics.Length > 0 ? metrics :
                [
                    new() { Name = "errors", Builtin = "errorRate", Max = 0.01 },
                    new() { Name = "p50", Builtin = "latencyP50", Max = 10 },
                    new() { Name = "p95", Builtin = "latencyP95", Max = 10 },
                    new() { Name = "p99", Builtin = "latencyP99", Max = 10 },
                ],
            },
        };
        var judge = new Judge(_client, feed ?? new CounterFeed(_client), new AnalysisOptions(_prometheus.Address), new AnalysisMetrics(new FakeMeters(), TimeProvider.System), TimeProvider.System, NullLogger<Judge>.Instance);
        await Eventually.TrueAsync(
            "the first look is due", () => Task.FromResult(TimeProvider.System.GetUtcNow() >= request.StepStartedAt.AddSeconds(1)), Patience);
        return await judge.JudgeAsync(request with { Policies = [policy] }, CancellationToken.None);
    }

    private static JudgementRequest Request(string revision, DateTimeOffset step) =>
        new(ScrapedRouter.Namespace, ScrapedRouter.Deployment, revision, null, step, [], []);

    private Task SeenAsync(string query, double value) =>
        Eventually.TrueAsync($"Prometheus gives {value} for {query}", async () => (await QueryAsync(query)).Equals(value), Patience);

    private async Task<double> QueryAsync(string query)
    {
        var result = await _client.QueryAsync(
            new(_prometheus.Address, TimeSpan.FromSeconds(10)), query, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        return result.Series is [var only] ? only.Samples[0].Value : double.NaN;
    }
}
