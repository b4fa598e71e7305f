using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Router.Splitting;

namespace ModelOperator.Router.Tests.Splitting;

internal sealed class WeightedRendezvousTests
{
    private const int Callers = 2000;

    // Two assignments of weights to the same arms.
    private static readonly Arbitrary<(int[] Before, int[] After)> Changes = Arb.From(
        from count in Gen.Choose(1, 6)
        from before in Gen.Choose(0, 100).ArrayOf(count)
        from after in Gen.Choose(0, 100).ArrayOf(count)
        where before.Any(weight => weight > 0) && after.Any(weight => weight > 0)
        select (before, after));

    [Test]
    public void A_caller_moves_only_to_an_arm_that_grew_against_the_one_it_leaves() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Changes, change =>
        {
            var (before, after) = change;
            return Enumerable.Range(0, 300).All(caller =>
            {
                var (from, to) = (ArmOf(caller, before), ArmOf(caller, after));
                return from == to || (long)after[to] * before[from] > (long)after[from] * before[to];
            });
        }));

    [Test]
    public void A_share_that_grows_only_takes_callers_and_one_that_shrinks_only_gives()
    {
        int[] candidateShares = [0, 1, 5, 25, 50, 75, 100];
        var onCandidate = new HashSet<int>();
        foreach (var share in candidateShares)
        {
            var now = Enumerable.Range(0, Callers).Where(caller => ArmOf(caller, [100 - share, share]) == 1).ToHashSet();
            Assert.That(now, Is.SupersetOf(onCandidate), $"at {share} %");
            onCandidate = now;
        }
        Assert.That(onCandidate, Has.Count.EqualTo(Callers));
    }

    [Test]
    public void An_arm_that_is_away_moves_only_its_own_callers()
    {
        for (var caller = 0; caller < Callers; caller++)
        {
            var before = ArmOf(caller, [50, 30, 20]);
            if (before != 1)
            {
                Assert.That(ArmOf(caller, [50, 0, 20]), Is.EqualTo(before));
            }
        }
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(25)]
    [TestCase(50)]
    public void Callers_are_assigned_in_proportion(int percent)
    {
        const int many = 100_000;
        var assigned = Enumerable.Range(0, many).Count(caller => ArmOf(caller, [100 - percent, percent]) == 1);

        var share = percent / 100.0;
        Assert.That(assigned, Is.EqualTo(many * share).Within(5 * Math.Sqrt(many * share * (1 - share))), "five standard deviations");
    }

    [Test]
    public void A_key_is_the_same_in_every_process() =>
        Assert.That(
            (WeightedRendezvous.KeyOf("alice"), WeightedRendezvous.KeyOf("alice", 1), WeightedRendezvous.KeyOf("")),
            Is.EqualTo((14254268223963220572UL, 1983179837508996595UL, 17665956581633026203UL)));

    private static int ArmOf(int caller, int[] weights) => WeightedRendezvous.Choose(
        WeightedRendezvous.KeyOf($"user-{caller}"),
        [.. weights.Select((_, arm) => WeightedRendezvous.KeyOf($"digits-r{arm}"))],
        weights);
}
