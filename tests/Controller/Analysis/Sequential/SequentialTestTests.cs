using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement.Sequential;
using ModelOperator.Judgement.Simulation;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.Tests.Analysis.Sequential;

internal sealed class SequentialTestTests
{
    private static readonly ComparisonBounds Bounds = new(ProvenBelow: 2);

    private static readonly Gen<IntervalCounts> Interval =
        from candidate in Gen.Choose(0, 300)
        from stable in Gen.Choose(0, 3000)
        from candidateBad in Gen.Choose(0, 20)
        from stableBad in Gen.Choose(0, 60)
        select new IntervalCounts(BadCount.Of(candidateBad, candidate), new StableCounts(BadCount.Of(stableBad, stable)));

    [Test]
    public void The_same_rates_prove_and_three_times_the_rate_aborts()
    {
        var same = Run(Enumerable.Repeat(Counts(1, 150, 19, 2850), 60));
        var worse = Run(Enumerable.Repeat(Counts(3, 150, 19, 2850), 60));

        Assert.Multiple(() =>
        {
            Assert.That((same.IsHarmful, same.IsProven), Is.EqualTo((false, true)));
            Assert.That((worse.IsHarmful, worse.IsProven), Is.EqualTo((true, false)));
            Assert.That(worse.Ratio, Is.EqualTo(3).Within(1e-9));
        });
    }

    [Test]
    public void An_incident_that_hits_both_arms_alike_is_no_evidence_of_harm()
    {
        var sums = Run([.. Enumerable.Repeat(Counts(1, 150, 19, 2850), 10), .. Enumerable.Repeat(Counts(50, 150, 950, 2850), 20)]);

        Assert.That(sums.IsHarmful, Is.False);
        Assert.That(sums.Harm.Log, Is.LessThan(0));
    }

    [Test]
    public void One_large_burst_among_bursts_of_stables_is_not_taken_for_harm()
    {
        // Stable's errors come ten at a time; then ten come to the candidate.
        var past = Enumerable.Range(0, 120).Select(i => new StableCounts(new BadCount(i % 3 == 0 ? 30 : 0, 2850)));
        var bursty = SequentialTest.Add(SequentialTest.Begin(past), Bounds, Counts(10, 150, 10, 2850));
        var steady = SequentialTest.Add(
            SequentialTest.Begin(Enumerable.Repeat(new StableCounts(new BadCount(10, 2850)), 120)), Bounds, Counts(10, 150, 10, 2850));

        Assert.That((bursty.IsHarmful, steady.IsHarmful), Is.EqualTo((false, true)));
        Assert.That(bursty.Dispersion.Factor, Is.GreaterThan(10));
    }

    [Test]
    public void Pods_that_differ_within_an_interval_are_dispersion_too()
    {
        StableCounts Spread(params long[] bad) => new(new BadCount(bad.Sum(), 1000L * bad.Length), [.. bad.Select(b => new BadCount(b, 1000))]);

        var even = SequentialTest.Begin(Enumerable.Repeat(Spread(5, 5, 5, 5), 50)).Dispersion.Factor;
        var uneven = SequentialTest.Begin(Enumerable.Repeat(Spread(20, 0, 0, 0), 50)).Dispersion.Factor;

        Assert.That((even, uneven > 10), Is.EqualTo((1.0, true)));
    }

    [Test]
    public void A_new_step_has_to_earn_its_own_proof_but_harm_stays()
    {
        var proven = SequentialTest.BeginStep(Run(Enumerable.Repeat(Counts(1, 150, 19, 2850), 60)));
        var harmful = SequentialTest.BeginStep(Run(Enumerable.Repeat(Counts(9, 150, 19, 2850), 60)));

        Assert.That((proven.IsProven, proven.Proof.Log), Is.EqualTo((false, 0.0)));
        Assert.That(harmful.IsHarmful, Is.True);
    }

    [Test]
    public void Several_comparisons_share_the_error_rate()
    {
        Assert.That(new ComparisonBounds(Confidence: 0.99).HarmThreshold, Is.EqualTo(100).Within(1e-9));
        Assert.That((new ComparisonBounds(Confidence: 0.99) { Sharing = 4 }).HarmThreshold, Is.EqualTo(400).Within(1e-9));
    }

    [Test]
    public void Astronomic_evidence_neither_overflows_nor_vanishes()
    {
        var worse = Run(Enumerable.Repeat(Counts(50_000, 100_000, 100, 1_000_000), 1000));
        var better = Run(Enumerable.Repeat(Counts(0, 1_000_000, 50_000, 1_000_000), 1000));

        Assert.That((double.IsFinite(worse.Harm.Log), worse.IsHarmful), Is.EqualTo((true, true)));
        Assert.That((double.IsFinite(better.Proof.Log), better.IsProven, double.IsFinite(better.Harm.Log)), Is.EqualTo((true, true, true)));
    }

    [Test]
    public void What_is_read_back_from_a_status_goes_on_exactly_where_it_was() =>
        Properties.ForAll(
            from first in Interval.ListOf()
            from rest in Interval.ListOf()
            select (first, rest),
            x =>
            {
                var sums = Run(x.first);
                var now = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
                var json = KubernetesJson.Serialize(SequentialRecord.Write(sums, "a against b", now, now));
                var back = SequentialRecord.Read(KubernetesJson.Deserialize<SequentialState>(json))!;
                return Same(Run(x.rest, sums), Run(x.rest, back));
            });

    [Test]
    public void A_state_over_another_grid_is_not_read()
    {
        var now = DateTimeOffset.UnixEpoch;
        var state = SequentialRecord.Write(SequentialSums.None, "a against b", now, now);
        state.HarmOfBursts = [1, 2, 3];

        Assert.That(SequentialRecord.Read(state), Is.Null);
        Assert.That(SequentialRecord.Read(null), Is.Null);
    }

    [Test]
    public void With_independent_events_the_order_of_intervals_is_irrelevant() =>
        Properties.ForAll(
            from intervals in Interval.ListOf()
            from shuffled in Gen.Shuffle(intervals.ToArray())
            select (intervals, shuffled),
            x => Math.Abs(Independent(x.intervals) - Independent(x.shuffled)) < 1e-3);

    [Test]
    public void Neither_verdict_is_ever_taken_back() =>
        Properties.ForAll(Interval.ListOf(), intervals =>
        {
            var sums = SequentialSums.None;
            return intervals.All(interval =>
            {
                var next = SequentialTest.Add(sums, Bounds, interval);
                var holds = (!sums.IsHarmful || next.IsHarmful) && (!sums.IsProven || next.IsProven);
                sums = next;
                return holds;
            });
        });

    // One interval's expectation, summed over all that can happen: at most 1 whatever the counts, the dispersion that is assumed and the ratio.
    [Test]
    public void The_expected_likelihood_ratio_under_no_difference_is_at_most_one() =>
        Properties.ForAll(
            from bad in Gen.Choose(1, 60)
            from candidate in Gen.Choose(1, 2000)
            from stable in Gen.Choose(1, 2000)
            from tenths in Gen.Choose(10, 200)
            from ratio in Gen.Elements(1.75, 3, 5)
            select (bad, candidate: candidate + 60, stable: stable + 60, dispersion: tenths / 10.0, ratio),
            x =>
            {
                var q = (double)x.candidate / (x.candidate + x.stable);
                var expected = Enumerable.Range(0, x.bad + 1).Sum(k =>
                {
                    var counts = new IntervalCounts(new BadCount(k, x.candidate), new StableCounts(new BadCount(x.bad - k, x.stable)));
                    return Math.Exp(LogBinomial(x.bad, k, q) + new LikelihoodRatio(counts, 1, x.dispersion, 0.01).LogOfEvents(x.ratio));
                });
                return expected < 1 + 1e-9;
            });

    [Test]
    public void With_bursts_the_expected_likelihood_ratio_under_no_difference_is_one() =>
        Properties.ForAll(
            from bad in Gen.Choose(1, 40)
            from candidate in Gen.Choose(100, 2000)
            from stable in Gen.Choose(100, 2000)
            from tenths in Gen.Choose(15, 150)
            from ratio in Gen.Elements(1.75, 3, 5)
            select (bad, candidate, stable, dispersion: tenths / 10.0, ratio),
            x =>
            {
                // The usual rate is what the interval shows, so that both take the same number of bursts.
                var rate = (double)x.bad / (x.candidate + x.stable);
                var a = x.candidate * rate / (x.dispersion - 1);
                var b = x.stable * rate / (x.dispersion - 1);
                var expected = Enumerable.Range(0, x.bad + 1).Sum(k =>
                {
                    var counts = new IntervalCounts(new BadCount(k, x.candidate), new StableCounts(new BadCount(x.bad - k, x.stable)));
                    var log = LogChoose(x.bad, k) + RisingFactorial.Log(a, k) + RisingFactorial.Log(b, x.bad - k) - RisingFactorial.Log(a + b, x.bad);
                    return Math.Exp(log + new LikelihoodRatio(counts, 1, x.dispersion, rate).LogOfBursts(x.ratio));
                });
                return Math.Abs(expected - 1) < 1e-6;
            });

    [TestCase(0.001, 3)]
    [TestCase(0.5, 24)]
    [TestCase(0.5, 25)]
    [TestCase(7.25, 1000)]
    [TestCase(123456.7, 400)]
    public void A_rising_factorial_is_the_sum_of_its_factors_logarithms(double a, int n) =>
        Assert.That(RisingFactorial.Log(a, n), Is.EqualTo(Enumerable.Range(0, n).Sum(i => Math.Log(a + i))).Within(1e-8));

    [TestCase(0.5, 1.0)]
    [TestCase(20, 1.0)]
    [TestCase(500, 1.0)]
    [TestCase(5, 3.0)]
    [TestCase(15, 10.0)]
    public void Simulated_counts_have_the_mean_and_the_dispersion_that_were_asked_for(double mean, double dispersion)
    {
        const int n = 20_000;
        var random = new RandomCounts(7);
        var counts = Enumerable.Range(0, n).Select(_ => (double)random.Next(mean, dispersion)).ToList();
        var average = counts.Average();
        var variance = counts.Sum(c => (c - average) * (c - average)) / (n - 1);

        Assert.That(average, Is.EqualTo(mean).Within(5 * Math.Sqrt(mean * dispersion / n)));
        Assert.That(variance / mean, Is.EqualTo(dispersion).Within(0.12 * dispersion));
    }

    private static double Independent(IEnumerable<IntervalCounts> intervals) =>
        intervals.Aggregate(Evidence.None(RatioGrid.Above), (sum, i) => sum.Add(new LikelihoodRatio(i, 1, 1, null), 1, RatioGrid.Above)).Log;

    private static SequentialSums Run(IEnumerable<IntervalCounts> intervals, SequentialSums? from = null) =>
        intervals.Aggregate(from ?? SequentialSums.None, (sums, interval) => SequentialTest.Add(sums, Bounds, interval));

    private static bool Same(SequentialSums a, SequentialSums b) =>
        a.Harm.Events.SequenceEqual(b.Harm.Events) && a.Harm.Bursts.SequenceEqual(b.Harm.Bursts)
        && a.Proof.Events.SequenceEqual(b.Proof.Events) && a.Proof.Bursts.SequenceEqual(b.Proof.Bursts)
        && (a with { Harm = default, Proof = default }) == (b with { Harm = default, Proof = default });

    private static IntervalCounts Counts(long candidateBad, long candidate, long stableBad, long stable) =>
        new(new BadCount(candidateBad, candidate), new StableCounts(new BadCount(stableBad, stable)));

    private static double LogBinomial(int n, int k, double p) => LogChoose(n, k) + (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p));

    private static double LogChoose(int n, int k) => RisingFactorial.Log(1, n) - RisingFactorial.Log(1, k) - RisingFactorial.Log(1, n - k);
}
