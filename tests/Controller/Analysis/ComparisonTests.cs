using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.Analysis.Counters;
using ModelOperator.Controller.Analysis.Prometheus;
using ModelOperator.Controller.Tests.Analysis.Prometheus;
using ModelOperator.Controller.Tests.ModelDeployments.Fakes;
using ModelOperator.Judgement;
using ModelOperator.Judgement.Counters;

namespace ModelOperator.Controller.Tests.Analysis;

/// <summary>The candidate against stable, look after look, over counters that a Prometheus has scraped from two routers.</summary>
internal sealed class ComparisonTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, double> _counted = [];
    private ScrapedHistory _history = null!;
    private ScriptedPrometheus _prometheus = null!;
    private HttpClient _http = null!;
    private ManualTime _time = null!;
    private CounterFeed _feed = null!;
    private Judge _judge = null!;

    [SetUp]
    public void SetUp()
    {
        _counted.Clear();
        (_history, _time) = (new ScrapedHistory(), new ManualTime(Start));
        _prometheus = new ScriptedPrometheus { AnswerAt = _history.Answer };
        _http = new HttpClient(_prometheus);
        Restart();
        for (var at = Start - TimeSpan.FromHours(1); at < Start; at += Interval)
        {
            Count(at, stableOk: 1400, stableBad: 7, candidateOk: 0, candidateBad: 0);
        }
    }

    [TearDown]
    public void TearDown()
    {
        _http.Dispose();
        _prometheus.Dispose();
    }

    [Test]
    public async Task A_candidate_with_four_times_the_errors_is_rolled_back_with_the_numbers_that_show_it()
    {
        var report = await LookAsync(Policy(), looks: 40, stableBad: 7, candidateBad: 2);

        Assert.Multiple(() =>
        {
            Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Rollback));
            Assert.That(report.Reason, Does.Match(
                @"^errors of policy slo: \d+ of \d+ requests were errors, of stable's \d+ of \d+: shown to be more than 1\.5 times as many \(evidence over 1000000 of 100\)$"));
            Assert.That((report.Metric, report.IsProven), Is.EqualTo(("errors", false)));
            Assert.That(report.Metrics[0].Ratio, Is.EqualTo("4.9"));
            Assert.That((report.Metrics[0].Threshold, report.Metrics[0].Dispersion), Is.EqualTo(("<= 1.5 times stable's", "1")));
        });
    }

    [Test]
    public async Task A_candidate_like_stable_passes_and_is_proven_and_every_request_was_counted_once()
    {
        var report = await LookAsync(Policy(), looks: 100, stableBad: 7, candidateBad: 0.4);

        Assert.Multiple(() =>
        {
            Assert.That((report.Decision, report.IsProven), Is.EqualTo((JudgementDecision.Advance, true)));
            Assert.That(report.Proof, Does.StartWith("shown: errors is less than 2 times stable's (evidence "));
            Assert.That(report.Metrics[0].Sequential!.StableTotal, Is.EqualTo(100 * 1407));
            Assert.That(report.Metrics[0].Sequential!.CandidateTotal, Is.EqualTo(100 * 80 + 40));
            Assert.That(report.Metrics[0].Sequential!.Looks, Is.EqualTo(100));
        });
    }

    [Test]
    public async Task A_new_operator_process_comes_to_the_same_as_one_that_lived_on()
    {
        var lived = await LookAsync(Policy(), looks: 20, stableBad: 7, candidateBad: 0.6);
        SetUp();
        var restarted = await LookAsync(Policy(), looks: 20, stableBad: 7, candidateBad: 0.6, restartEvery: 3);

        Assert.That(
            ModelOperator.Kubernetes.Serialization.KubernetesJson.Serialize(restarted.Metrics[0]),
            Is.EqualTo(ModelOperator.Kubernetes.Serialization.KubernetesJson.Serialize(lived.Metrics[0])));
    }

    [Test]
    public async Task A_new_step_keeps_what_was_counted_but_has_to_earn_its_own_proof()
    {
        var first = await LookAsync(Policy(), looks: 100, stableBad: 7, candidateBad: 0.4);
        var step = _time.Now;
        var waiting = await JudgeAsync(Policy(), step, first);
        var second = await LookAsync(Policy(), looks: 2, stableBad: 7, candidateBad: 0.4, previous: waiting, step: step);

        Assert.Multiple(() =>
        {
            Assert.That((first.IsProven, waiting.IsProven, second.IsProven), Is.EqualTo((true, false, false)));
            Assert.That(second.Metrics[0].Sequential!.Looks, Is.EqualTo(102));
            Assert.That(second.Proof, Does.StartWith("errors of policy slo: a ratio below 2 is not shown yet; the evidence is 2.2 of 20"));
        });
    }

    [Test]
    public async Task Another_candidate_begins_anew()
    {
        var first = await LookAsync(Policy(), looks: 30, stableBad: 7, candidateBad: 0.4);

        _time.Now += Interval + SampleRhythm.Settling;

        var other = await JudgeAsync(Policy(), Start, first, Request with { Revision = "digits-r3", Previous = first.Metrics });

        Assert.That(other.Metrics[0].Verdict, Is.EqualTo("NoData"));
        Assert.That(other.Metrics[0].Message, Is.EqualTo("no errors and no requests of digits-r3 were counted since 12:00:00Z"));
    }

    [Test]
    public async Task A_bake_has_nothing_to_compare_with_and_goes_on_with_what_was_found()
    {
        var first = await LookAsync(Policy(), looks: 30, stableBad: 7, candidateBad: 0.4);
        var asked = _prometheus.Asked.Count;
        _time.Now += Interval;

        var baking = await JudgeAsync(Policy(), Start, first, Request with { HasStableTraffic = false, Previous = first.Metrics });

        Assert.That((baking.Decision, _prometheus.Asked.Count), Is.EqualTo((JudgementDecision.Advance, asked)));
        Assert.That(baking.Metrics[0].Sequential!.Looks, Is.EqualTo(30));
    }

    [Test]
    public async Task An_outage_of_Prometheus_holds_and_loses_neither_what_was_found_nor_what_was_counted_meanwhile()
    {
        var before = await LookAsync(Policy(), looks: 10, stableBad: 7, candidateBad: 0.4);
        _prometheus.AnswerAt = null;
        _prometheus.Say("down", System.Net.HttpStatusCode.InternalServerError);
        var during = await LookAsync(Policy(), looks: 5, stableBad: 7, candidateBad: 0.4, previous: before);
        _prometheus.AnswerAt = _history.Answer;
        var after = await LookAsync(Policy(), looks: 1, stableBad: 7, candidateBad: 0.4, previous: during);

        Assert.Multiple(() =>
        {
            Assert.That((during.Decision, during.Metrics[0].Verdict, during.Metrics[0].Sequential!.Looks), Is.EqualTo((JudgementDecision.Hold, "Error", (long?)10)));
            Assert.That(during.MetricsError, Does.StartWith("errors of policy slo: Prometheus at http://default:9090/ gave no usable answer (HTTP 500)"));
            Assert.That((after.Metrics[0].Verdict, after.Metrics[0].Sequential!.Looks, after.Metrics[0].Sequential!.StableTotal), Is.EqualTo(("Pass", (long?)11, (long?)(16 * 1407))));
        });
    }

    [Test]
    public async Task Two_comparisons_that_can_end_a_rollout_share_the_error_rate_and_a_dry_run_takes_no_part()
    {
        var policy = Policy();
        policy.Spec.Metrics.Add(new() { Name = "more", Compare = new() { Builtin = "errors" } });
        policy.Spec.Metrics.Add(new() { Name = "told", Compare = new() { Builtin = "errors" }, OnFail = "Alert" });

        var report = await LookAsync(policy, looks: 1, stableBad: 7, candidateBad: 0);

        Assert.That(report.Metrics.Select(m => m.Evidence), Is.All.EndsWith(" of 200"));
    }

    [Test]
    public async Task Counters_of_a_users_own_are_compared_alike()
    {
        var policy = Policy();
        policy.Spec.Metrics[0].Compare = new()
        {
            Bad = "modelrouter_requests_total{revision=\"{{revision}}\",outcome=\"error\"}",
            Total = "modelrouter_requests_total{revision=\"{{revision}}\"}",
        };

        var report = await LookAsync(policy, looks: 40, stableBad: 7, candidateBad: 2);

        Assert.That(report.Decision, Is.EqualTo(JudgementDecision.Rollback));
        Assert.That(report.Reason, Does.Contain("requests were bad events, of stable's"));
    }

    [Test]
    public async Task Disagreements_among_copies_are_held_against_the_errors_among_stables_own_requests()
    {
        var policy = Policy();
        policy.Spec.Metrics[0] = new() { Name = "answers", Compare = new() { Builtin = "disagreements", MaxRatio = 1.5, ProvenBelow = 2 } };

        // The candidate has no share: what it does with copies alone decides.
        var (report, looks) = ((JudgementReport?)null, 0);
        for (; looks < 40 && report?.Decision is null or JudgementDecision.Advance; looks++)
        {
            _time.Now += Interval;
            var at = _time.Now - TimeSpan.FromSeconds(2);
            Count(at, stableOk: 1400, stableBad: 7, candidateOk: 0, candidateBad: 0);
            foreach (var (counter, each) in new[] { ("modelrouter_mirrored_total", 80), ("modelrouter_disagreements_total", 2) })
            {
                _history.Scrape(
                    at, each * (looks + 1), ("__name__", counter), ("namespace", "ml"), ("deployment", "digits"), ("revision", "digits-r2"), ("pod", "a"));
            }

            report = await JudgeAsync(policy, Start, report);
        }

        Assert.Multiple(() =>
        {
            Assert.That(report!.Decision, Is.EqualTo(JudgementDecision.Rollback));
            Assert.That(report.Reason, Does.StartWith(
                $"answers of policy slo: {2 * looks} of {80 * looks} requests were disagreements, of stable's {7 * looks} of {1407 * looks} were errors: shown to be more than 1.5 times as many"));
        });
    }

    [Test]
    public async Task A_thousand_canaries_cost_fewer_than_ten_queries_a_second()
    {
        const int canaries = 1000;
        const int rounds = 3;
        var policy = Policy();
        policy.Spec.Metrics.Add(new() { Name = "error-rate", Builtin = "errorRate", Max = 0.05 });
        policy.Spec.Metrics.Add(new() { Name = "p99", Builtin = "latencyP99", Max = 1 });
        var requests = Enumerable.Range(0, canaries)
            .Select(i => Request with { Namespace = $"team-{i % 7}", Deployment = $"m{i}", Revision = $"m{i}-r2", StableRevision = $"m{i}-r1", Policies = [policy] })
            .ToArray();
        _prometheus.AnswerAt = EveryRevision;
        var askedInRound = 0;
        var verdicts = new HashSet<string?>();
        for (var round = 0; round < rounds; round++)
        {
            var before = _prometheus.Asked.Count;
            for (var i = 0; i < canaries; i++)
            {
                _time.Now = Start + (Interval * (round + 1)) + (Interval * i / canaries);
                var report = await _judge.JudgeAsync(requests[i], CancellationToken.None);
                requests[i] = requests[i] with { Previous = report.Metrics };
                verdicts.UnionWith(report.Metrics.Select(m => m.Verdict));
            }

            askedInRound = _prometheus.Asked.Count - before;
        }

        Assert.That(verdicts, Is.EquivalentTo(new[] { "Pass" }));
        Assert.That(askedInRound / Interval.TotalSeconds, Is.LessThan(10));
    }

    /// <summary>Every revision that is asked for, at a hundred requests a second, without errors and in time.</summary>
    private static string EveryRevision(string query, DateTimeOffset at)
    {
        if (query.StartsWith("last", StringComparison.Ordinal))
        {
            return ScriptedPrometheus.Empty;
        }

        var value = 100 * (at - Start).TotalSeconds;
        var names = System.Text.RegularExpressions.Regex.Match(query, "revision=~?\"([^\"]*)\"").Groups[1].Value.Replace(@"\\", "", StringComparison.Ordinal).Split('|');
        return ScriptedPrometheus.Matrix([.. names.SelectMany(name =>
        {
            var number = int.Parse(name[1..name.IndexOf('-', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            var labels = $"\"namespace\":\"team-{number % 7}\",\"deployment\":\"m{number}\",\"revision\":\"{name}\"";
            (string, (DateTimeOffset, double)[]) Series(string label) => ($"{labels},{label}", [(at, value)]);
            return query.Contains("bucket", StringComparison.Ordinal) ? new[] { Series("\"le\":\"0.25\""), Series("\"le\":\"+Inf\"") } : [Series("\"outcome\":\"ok\"")];
        })]);
    }

    private static JudgementRequest Request => new("ml", "digits", "digits-r2", "digits-r1", Start, [], []);

    private static PolicySnapshot Policy() => new()
    {
        Name = "slo",
        Spec = new() { Metrics = [new() { Name = "errors", Compare = new() { Builtin = "errors", MaxRatio = 1.5, ProvenBelow = 2 } }] },
    };

    private void Restart()
    {
        var client = new PrometheusClient(_http, TimeProvider.System);
        _feed = new CounterFeed(client);
        _judge = new Judge(client, _feed, new AnalysisOptions(new Uri("http://default:9090/")), new AnalysisMetrics(new FakeMeters(), _time), _time, NullLogger<Judge>.Instance);
    }

    /// <summary>Looks again and again; in each interval stable gets 1400 requests and the candidate 80, besides the bad ones.</summary>
    private async Task<JudgementReport> LookAsync(
        PolicySnapshot policy, int looks, double stableBad, double candidateBad, JudgementReport? previous = null, DateTimeOffset? step = null, int restartEvery = int.MaxValue)
    {
        var report = previous;
        for (var i = 0; i < looks; i++)
        {
            _time.Now += Interval;
            Count(_time.Now - TimeSpan.FromSeconds(2), 1400, stableBad, 80, candidateBad);
            if (i % restartEvery == restartEvery - 1)
            {
                Restart();
            }

            report = await JudgeAsync(policy, step ?? Start, report);
        }

        return report!;
    }

    private Task<JudgementReport> JudgeAsync(PolicySnapshot policy, DateTimeOffset step, JudgementReport? previous, JudgementRequest? request = null) =>
        _judge.JudgeAsync(
            (request ?? Request) with { Policies = [policy], StepStartedAt = step, Previous = previous?.Metrics ?? [] }, CancellationToken.None);

    private void Count(DateTimeOffset at, double stableOk, double stableBad, double candidateOk, double candidateBad)
    {
        foreach (var (revision, outcome, count) in new[]
        {
            ("digits-r1", "ok", stableOk), ("digits-r1", "error", stableBad), ("digits-r2", "ok", candidateOk), ("digits-r2", "error", candidateBad),
        })
        {
            if (revision == "digits-r2" && at < Start)
            {
                continue;
            }

            foreach (var pod in new[] { "a", "b" })
            {
                var key = $"{revision}/{outcome}/{pod}";
                _counted[key] = _counted.GetValueOrDefault(key) + (count / 2);
                _history.Scrape(
                    at, Math.Round(_counted[key] + (pod == "a" ? 0.01 : -0.01)), ("__name__", "modelrouter_requests_total"), ("namespace", "ml"), ("deployment", "digits"),
                    ("revision", revision), ("pod", pod), ("outcome", outcome));
            }
        }
    }
}
