using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Router.Splitting;

namespace ModelOperator.Router.Tests.Splitting;

internal sealed class SplitScheduleTests
{
    private static readonly Arbitrary<int[]> Weights = Arb.From(
        from count in Gen.Choose(1, 16)
        from weights in Gen.Choose(0, 100).ArrayOf(count)
        where weights.Any(weight => weight > 0)
        select weights);

    [Test]
    public void One_period_gives_every_arm_exactly_its_weight() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Weights, weights =>
        {
            var schedule = SplitSchedule.Create(weights);
            var periods = weights.Sum() / schedule.Length;
            return Enumerable.Range(0, weights.Length).All(arm => schedule.Count(turn => turn == arm) * periods == weights[arm]);
        }));

    [Test]
    public void After_every_request_every_arm_is_less_than_one_request_from_its_share() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Weights, weights => LargestDeviation(weights, 0) < 1));

    [Test]
    public void Any_run_of_requests_is_less_than_two_requests_from_the_shares() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Weights, Arb.From(Gen.Choose(0, 10_000)), (weights, start) => LargestDeviation(weights, start) < 2));

    [Test]
    public void One_percent_is_one_request_in_every_hundred()
    {
        var schedule = SplitSchedule.Create([99, 1]);

        Assert.That(schedule, Has.Length.EqualTo(100).And.Exactly(1).EqualTo(1));
    }

    [Test]
    public void Common_factors_do_not_lengthen_the_period() =>
        Assert.That(SplitSchedule.Create([50, 50]), Is.EqualTo(new byte[] { 0, 1 }));

    [Test]
    public void No_weight_at_all_is_refused() =>
        Assert.That(() => SplitSchedule.Create([0, 0]), Throws.InstanceOf<ArgumentOutOfRangeException>());

    // Over two periods from a start, the largest distance of any arm's count from its share.
    private static double LargestDeviation(int[] weights, int start)
    {
        var schedule = SplitSchedule.Create(weights);
        double total = weights.Sum();
        var counts = new int[weights.Length];
        var largest = 0.0;
        for (var n = 1; n <= 2 * schedule.Length; n++)
        {
            counts[schedule[(start + n - 1) % schedule.Length]]++;
            for (var arm = 0; arm < weights.Length; arm++)
            {
                largest = Math.Max(largest, Math.Abs(counts[arm] - (n * weights[arm] / total)));
            }
        }
        return largest;
    }
}
