using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Tests.Rollouts.Simulation;
using ModelOperator.Judgement;
using static ModelOperator.Controller.Tests.Rollouts.Simulation.Scenes;

namespace ModelOperator.Controller.Tests.Rollouts;

/// <summary>Ways to take over other than by shares beside a whole stable revision.</summary>
public sealed class StrategyTests
{
    [Test]
    public void Blue_green_switches_all_at_once_when_the_new_revision_stands_at_full_size()
    {
        var cluster = Serving();
        (cluster.Strategy, cluster.WantedHash) = (RolloutStrategy.BlueGreen, "b");
        cluster.Settle();
        cluster.Of("digits-r2")!.OneBecomesReady();
        cluster.Settle();
        Assert.That((cluster.Of("digits-r2")!.Replicas, Weights(cluster)), Is.EqualTo((2, (100, 0))), "one of two pods is not enough");
        cluster.Of("digits-r2")!.OneBecomesReady();
        cluster.Settle();
        Assert.That(Weights(cluster), Is.EqualTo((0, 100)));
        cluster.RunToRest();
        Assert.That((cluster.Status.Phase, cluster.Of("digits-r1")!.Replicas), Is.EqualTo(("Baking", 2)), "the old side stays warm");
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.Reconcile();
        Assert.That(cluster.Route, Is.EqualTo(new RouteArm[] { new("digits-r1", ArmRole.Stable, 100), new("digits-r2", ArmRole.Candidate, 0) }), "one write goes back");
    }

    [Test]
    public void Recreate_stops_the_old_pods_before_it_starts_the_new_ones()
    {
        var cluster = Serving();
        (cluster.Strategy, cluster.WantedHash) = (RolloutStrategy.Recreate, "b");
        cluster.Reconcile();
        Assert.That(Pods(cluster), Is.EqualTo((0, 0)));
        cluster.Settle();
        Assert.That(Pods(cluster), Is.EqualTo((0, 2)));
        cluster.RunToRest();
        Assert.That((cluster.Status.Phase, Weights(cluster).Stable), Is.EqualTo(("Baking", 100)));
        Pass(cluster, 300);
        AssertServes(cluster, "digits-r2", "Available");
    }

    [Test]
    public void A_recreated_revision_that_never_gets_ready_gives_the_room_back()
    {
        var cluster = Serving();
        (cluster.Strategy, cluster.WantedHash) = (RolloutStrategy.Recreate, "b");
        cluster.Settle();
        cluster.Of("digits-r2")!.Works = false;
        cluster.RunToRest();
        Pass(cluster, 601);
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.That(Pods(cluster), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Shared_capacity_takes_from_stable_what_the_candidate_needs_and_shares_follow_the_pods()
    {
        var cluster = Serving();
        (cluster.Replicas, cluster.Capacity) = (4, CapacityMode.Shared);
        cluster.RunToRest();
        (cluster.Steps, cluster.WantedHash) = ([new(25, "60s"), new(50, "60s")], "b");
        cluster.RunToRest();
        Assert.That((Pods(cluster), Weights(cluster)), Is.EqualTo(((3, 1), (75, 25))));
        Pass(cluster, 60);
        Assert.That((Pods(cluster), Weights(cluster)), Is.EqualTo(((2, 2), (50, 50))));
        Pass(cluster, 60);
        Assert.That((cluster.Status.Phase, Pods(cluster)), Is.EqualTo(("Baking", (0, 4))));
        Assert.That(cluster.Status.Message, Does.Contain("digits-r1 would have to start again"));
        Pass(cluster, 300);
        AssertServes(cluster, "digits-r2", "Available");
    }

    [Test]
    public void A_failed_candidate_loses_its_share_before_stable_has_its_room_back()
    {
        var cluster = Serving();
        (cluster.Replicas, cluster.Capacity) = (4, CapacityMode.Shared);
        cluster.RunToRest();
        (cluster.Steps, cluster.WantedHash) = ([new(50, "60s")], "b");
        cluster.RunToRest();
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.Settle();
        Assert.That((Weights(cluster), Pods(cluster)), Is.EqualTo(((100, 0), (2, 2))), "a router may still send to it");
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.That(Pods(cluster), Is.EqualTo((4, 0)));
    }

    private static (int First, int Second) Pods(SimulatedCluster cluster) => (cluster.Of("digits-r1")!.Replicas, cluster.Of("digits-r2")?.Replicas ?? 0);
}
