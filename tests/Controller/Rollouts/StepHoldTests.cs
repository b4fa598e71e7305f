using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelRoutes;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Tests.Rollouts.Simulation;
using ModelOperator.Judgement;
using static ModelOperator.Controller.Tests.Rollouts.Simulation.Scenes;

namespace ModelOperator.Controller.Tests.Rollouts;

/// <summary>What ends a step.</summary>
public sealed class StepHoldTests
{
    [Test]
    public void A_hold_for_approval_lasts_until_somebody_promotes()
    {
        var cluster = Rolling([new(10, "approval"), new(50, "60s")]);
        Pass(cluster, 24 * 3600);
        Assert.Multiple(() =>
        {
            Assert.That((cluster.Status.Phase, cluster.Status.Step), Is.EqualTo(("Paused", "1/2")));
            Assert.That(cluster.Status.NextAt, Is.Null, "no time brings it on");
            Assert.That(Message(cluster, ConditionTypes.Paused), Does.Contain("promote digits-r2@1"));
            Assert.That(cluster.Status.Message, Does.Contain("waits for approval"));
        });

        Command(cluster, CommandAnnotations.Promote, "digits-r2@1");
        Assert.Multiple(() =>
        {
            Assert.That((cluster.Status.Phase, cluster.Status.Step), Is.EqualTo(("Progressing", "2/2")));
            Assert.That(Weights(cluster), Is.EqualTo((50, 50)));
        });
    }

    [Test]
    public void A_candidate_that_fails_while_it_waits_for_approval_is_rolled_back()
    {
        var cluster = Rolling([new(10, "approval")]);
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
    }

    [Test]
    public void A_hold_for_evidence_ends_with_the_evidence_and_not_before_its_least_time()
    {
        var cluster = Rolling([new(10, "evidence") { MinHold = "2m", MaxHold = "30m" }, new(50, "60s")]);
        Pass(cluster, 119);
        Assert.That(cluster.Status.Step, Is.EqualTo("1/2"), "there is evidence, but the step has not lasted its time");
        cluster.Proven = false;
        Pass(cluster, 600);
        Assert.That(cluster.Status.Step, Is.EqualTo("1/2"), "time alone proves nothing");
        Assert.That(cluster.Status.Message, Does.EndWith("it waits for evidence: 3 of 20"));
        cluster.Proven = true;
        cluster.RunToRest();
        Assert.That(cluster.Status.Step, Is.EqualTo("2/2"));
    }

    [Test]
    public void Evidence_that_does_not_come_in_time_pauses_and_says_what_can_be_done()
    {
        var cluster = Rolling([new(10, "evidence") { MinHold = "2m", MaxHold = "30m" }, new(50, "60s")], proven: false);
        Assert.That(cluster.Status.NextAt, Is.EqualTo(cluster.Now.AddMinutes(2)));
        Pass(cluster, 121);
        Assert.That(cluster.Status.NextAt, Is.EqualTo(cluster.Rollout.StepStartedAt!.Value.AddMinutes(30)), "the next thing that time brings is the end of the wait");
        Pass(cluster, 1800);
        Assert.Multiple(() =>
        {
            Assert.That((cluster.Status.Phase, cluster.Status.Step), Is.EqualTo(("Paused", "1/2")));
            Assert.That(Message(cluster, ConditionTypes.Paused), Does.Contain("within 30m").And.Contain("promote, resume or abort digits-r2"));
        });

        cluster.Proven = true;
        cluster.RunToRest();
        Assert.That(cluster.Status.Step, Is.EqualTo("2/2"), "evidence that comes late counts");
    }

    [Test]
    public void A_step_without_traffic_lasts_its_time_and_is_not_judged()
    {
        var cluster = Rolling([new(0, "60s"), new(50, "60s")]);
        cluster.Verdict = JudgementDecision.Rollback;
        Pass(cluster, 30);
        Assert.That((cluster.Status.Step, cluster.Rollout.OnTrial), Is.EqualTo(("1/2", (string?)null)));
        cluster.Verdict = JudgementDecision.Advance;
        Pass(cluster, 30);
        Assert.That(cluster.Status.Step, Is.EqualTo("2/2"));
    }

    [Test]
    public void A_mirror_step_copies_requests_to_a_candidate_that_is_sized_for_them_and_is_judged()
    {
        var cluster = Rolling([new(0, "60s") { Mirror = 100 }, new(50, "60s")]);
        var arm = cluster.Route[1];
        Assert.Multiple(() =>
        {
            Assert.That((arm.Weight, arm.Mirror, cluster.Status.Candidate!.Mirror), Is.EqualTo((0, 100, 100)));
            Assert.That(cluster.Of("digits-r2")!.Replicas, Is.EqualTo(2));
            Assert.That(cluster.Rollout.OnTrial, Is.EqualTo("digits-r2"));
            Assert.That(cluster.Status.Message, Does.StartWith("digits-r2 gets a copy of 100 %"));
        });
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.Reconcile();
        Assert.That(cluster.Route[1].GetsRequests, Is.False);
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
    }

    [Test]
    public void Chosen_callers_get_the_candidate_while_the_step_lasts()
    {
        var testers = CallerMatches.From([new RouteMatch { Header = "x-beta", Value = "true" }]);
        var cluster = Rolling([new(0, "60s") { Match = testers }, new(50, "60s")]);
        Assert.That((cluster.Route[1].Weight, cluster.Route[1].Match), Is.EqualTo((0, testers)));
        Pass(cluster, 60);
        Assert.That((cluster.Route[1].Weight, cluster.Route[1].Match), Is.EqualTo((50, CallerMatches.None)));
    }

    [Test]
    public void Time_in_which_the_candidate_answered_nobody_does_not_count()
    {
        var cluster = Rolling([new(10, "60s"), new(50, "60s")]);
        Pass(cluster, 30);
        cluster.Of("digits-r2")!.OneDies();
        cluster.Settle();
        Assert.That((Weights(cluster), cluster.Status.NextAt), Is.EqualTo(((100, 0), cluster.Rollout.DeadlineAt)));
        cluster.RoutersCatchUp();
        cluster.Settle();
        cluster.Now += TimeSpan.FromSeconds(100);
        cluster.RunToRest();
        Assert.That((cluster.Status.Step, Weights(cluster)), Is.EqualTo(("1/2", (90, 10))), "30 of 60 seconds are left");
        Pass(cluster, 29);
        Assert.That(cluster.Status.Step, Is.EqualTo("1/2"));
        Pass(cluster, 1);
        Assert.That(cluster.Status.Step, Is.EqualTo("2/2"));
    }

    [Test]
    public void Scaled_to_zero_in_a_step_the_rollout_waits_and_says_so()
    {
        var cluster = Rolling([new(10, "60s")]);
        cluster.Replicas = 0;
        Pass(cluster, 3600);
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Phase, Is.EqualTo("Paused"));
            Assert.That(cluster.Status.Message, Does.StartWith("Scaled to zero: nothing is served, and the rollout waits"));
            Assert.That(Message(cluster, ConditionTypes.Paused), Does.Contain("spec.replicas is 0"));
        });
    }

    private static SimulatedCluster Rolling(List<TrafficStep> steps, bool proven = true)
    {
        var cluster = Serving();
        (cluster.Steps, cluster.Proven, cluster.WantedHash) = (steps, proven, "b");
        cluster.RunToRest();
        Assert.That(cluster.Status.StepStartedAt, Is.EqualTo(cluster.Now));
        return cluster;
    }
}
