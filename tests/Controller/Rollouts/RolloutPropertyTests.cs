using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Controller.Tests.Rollouts.Simulation;

namespace ModelOperator.Controller.Tests.Rollouts;

/// <summary>Drives the planner through random lives of a cluster.</summary>
public sealed class RolloutPropertyTests
{
    private const int Lives = 800;
    private const int Disturbances = 120;

    [Test]
    public void Whatever_happens_the_invariants_hold_and_every_rollout_ends()
    {
        var counts = new SortedDictionary<string, long>();
        var shrinker = ArbMap.Default.ArbFor<int[]>();
        var lives = Arb.From(
            Gen.Choose(0, 38 * 1000).ArrayOf(Disturbances),
            life => shrinker.Shrinker(life).Where(shrunk => shrunk.All(number => number >= 0)));
        Prop.ForAll(lives, life => Live(life, counts)).Check(Config.QuickThrowOnFailure.WithMaxTest(Lives).WithReplay(20261120, 7));

        TestContext.Out.WriteLine(string.Join(Environment.NewLine, counts.Select(c => $"{c.Value,8}  {c.Key}")));
        Assert.That(counts["a step moves by one"], Is.GreaterThan(100), "the lives are too dull to mean anything");
    }

    private static void Live(int[] life, SortedDictionary<string, long> counts)
    {
        var cluster = new SimulatedCluster();
        var invariants = new Invariants(cluster);
        foreach (var number in life)
        {
            cluster.Reconcile(Disturbance.Apply(number, cluster));
            if (number % 7 == 0)
            {
                invariants.Idempotence();
            }
        }

        invariants.Liveness();
        foreach (var (invariant, count) in invariants.Counts)
        {
            counts[invariant] = counts.GetValueOrDefault(invariant) + count;
        }
    }
}
