using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Tests.Rollouts.Simulation;
using ModelOperator.Judgement;
using static ModelOperator.Controller.Tests.Rollouts.Simulation.Scenes;

namespace ModelOperator.Controller.Tests.Rollouts;

/// <summary>The rules of a rollout, one by one.</summary>
public sealed class RolloutTests
{
    [Test]
    public void The_first_revision_takes_everything_without_steps()
    {
        var cluster = new SimulatedCluster();
        cluster.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Phase, Is.EqualTo("Pending"));
            Assert.That(cluster.Of("digits-r1")!.Replicas, Is.EqualTo(2));
        });

        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "Available");
        Assert.That(Events(cluster), Is.EqualTo(["RolloutStarted", "Available"]));
    }

    [Test]
    public void A_good_candidate_goes_through_every_step_and_its_bake()
    {
        var cluster = Rolling();
        Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
        Assert.That(cluster.Status.Step, Is.EqualTo("1/2"));
        Pass(cluster, 60);
        Assert.That(Weights(cluster), Is.EqualTo((50, 50)));
        Pass(cluster, 60);
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Phase, Is.EqualTo("Baking"));
            Assert.That(cluster.Rollout.Stable, Is.EqualTo("digits-r2"));
            Assert.That(cluster.Of("digits-r1")!.Replicas, Is.EqualTo(2), "the one before is kept warm");
        });
        Pass(cluster, 300);
        AssertServes(cluster, "digits-r2", "Available");
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Of("digits-r1")!.Replicas, Is.Zero);
            Assert.That(cluster.Outcomes, Is.EquivalentTo(new Dictionary<string, string> { ["digits-r1"] = "Promoted", ["digits-r2"] = "Stable" }));
            Assert.That(Events(cluster).Skip(2), Is.EqualTo(
                ["RolloutStarted", "StepStarted", "StepCompleted", "StepStarted", "StepCompleted", "Promoted", "RolloutCompleted"]));
        });
    }

    [Test]
    public void A_candidate_is_scaled_to_its_next_share_before_it_gets_it()
    {
        var cluster = Serving();
        cluster.Replicas = 10;
        cluster.RunToRest();
        cluster.Steps = [new(10, "60s"), new(50, "60s")];
        cluster.WantedHash = "b";
        cluster.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Of("digits-r2")!.Replicas, Is.EqualTo(1));
            Assert.That(Weights(cluster), Is.EqualTo((100, 0)));
        });

        cluster.RunToRest();
        cluster.Now += TimeSpan.FromSeconds(60);
        cluster.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Of("digits-r2")!.Replicas, Is.EqualTo(5));
            Assert.That(Weights(cluster), Is.EqualTo((90, 10)), "four of five pods are not ready");
        });
        cluster.RunToRest();
        Assert.That(Weights(cluster), Is.EqualTo((50, 50)));
    }

    [Test]
    public void A_step_begins_only_when_every_ready_router_serves_it()
    {
        var cluster = Serving();
        cluster.WantedHash = "b";
        cluster.Settle();
        cluster.Of("digits-r2")!.OneBecomesReady();
        cluster.RoutersCatchUp();
        cluster.Settle();
        Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
        cluster.Routers[0].Version++;
        cluster.Now += TimeSpan.FromHours(1);
        cluster.Settle();
        Assert.That(cluster.Status.StepStartedAt, Is.Null);
        cluster.RoutersCatchUp();
        cluster.Settle();
        Assert.That(cluster.Status.StepStartedAt, Is.EqualTo(cluster.Now));
    }

    [Test]
    public void Without_a_ready_router_nothing_counts_as_served()
    {
        var cluster = Rolling();
        cluster.Routers.ForEach(router => router.IsReady = false);
        cluster.Now += TimeSpan.FromHours(1);
        cluster.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Step, Is.EqualTo("1/2"));
            Assert.That(Condition(cluster, ConditionTypes.WeightAchieved), Is.EqualTo("False"));
        });
    }

    [TestCase(JudgementDecision.Hold)]
    [TestCase(JudgementDecision.Pause)]
    public void Only_a_pass_advances_a_step(object decision)
    {
        var cluster = Rolling();
        cluster.Verdict = (JudgementDecision)decision;
        Pass(cluster, 3600);
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Step, Is.EqualTo("1/2"));
            Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
        });
    }

    [Test]
    public void A_failed_candidate_loses_its_share_first_and_its_pods_after_the_routers_let_go()
    {
        var cluster = Rolling();
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Phase, Is.EqualTo("RollingBack"));
            Assert.That(Weights(cluster), Is.EqualTo((100, 0)));
            Assert.That(cluster.Of("digits-r2")!.Replicas, Is.EqualTo(1), "a router may still send to it");
        });

        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Of("digits-r2")!.Replicas, Is.Zero);
            Assert.That(cluster.Outcomes["digits-r2"], Is.EqualTo("RolledBack"));
            Assert.That(cluster.Status.RejectedRevisions, Is.EqualTo(["b"]));
            Assert.That(cluster.Status.LastRollback!.From, Is.EqualTo("digits-r2"));
            Assert.That(cluster.Status.LastRollback!.To, Is.EqualTo("digits-r1"));
            Assert.That(cluster.Status.LastRollback!.Metric, Is.EqualTo("errors"));
            Assert.That(Condition(cluster, ConditionTypes.Stalled), Is.EqualTo("True"));
            Assert.That(Condition(cluster, ConditionTypes.Ready), Is.EqualTo("False"));
            Assert.That(Condition(cluster, ConditionTypes.Reconciling), Is.EqualTo("False"));
            Assert.That(cluster.Status.Message, Does.Contain("digits-r2").And.Contain("the judge says Rollback").And.Contain("digits-r1 serves 100 %"));
        });
    }

    [Test]
    public void A_rejected_spec_that_is_applied_again_does_nothing()
    {
        var cluster = Rolling();
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.RunToRest();
        cluster.Verdict = JudgementDecision.Advance;
        cluster.WantedHash = "a";
        cluster.RunToRest();
        Assert.That(cluster.Status.Phase, Is.EqualTo("Available"));
        cluster.WantedHash = "b";
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.That(cluster.Of("digits-r2")!.Replicas, Is.Zero);
    }

    [Test]
    public void A_changed_spec_after_a_rollback_starts_again()
    {
        var cluster = Rolling();
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.RunToRest();
        cluster.Verdict = JudgementDecision.Advance;
        cluster.WantedHash = "c";
        cluster.RunToRest();
        Assert.That(cluster.Rollout.Candidate, Is.EqualTo("digits-r3"));
    }

    [Test]
    public void A_revision_that_turns_bad_while_it_bakes_gives_everything_back_to_the_warm_one_before()
    {
        var cluster = Rolling();
        Pass(cluster, 60);
        Pass(cluster, 60);
        Assert.That(cluster.Rollout.State, Is.EqualTo(RolloutState.Baking));
        Assert.That(cluster.Route, Is.EqualTo(new RouteArm[] { new("digits-r1", ArmRole.Stable, 0), new("digits-r2", ArmRole.Candidate, 100) }));
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.Reconcile();
        Assert.That(cluster.Route, Is.EqualTo(new RouteArm[] { new("digits-r1", ArmRole.Stable, 100), new("digits-r2", ArmRole.Candidate, 0) }));
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.That(cluster.Outcomes, Is.EquivalentTo(new Dictionary<string, string> { ["digits-r1"] = "Stable", ["digits-r2"] = "RolledBack" }));
    }

    [Test]
    public void A_candidate_that_never_becomes_ready_is_taken_back_at_its_deadline_with_the_cause()
    {
        var cluster = Serving();
        cluster.WantedHash = "b";
        cluster.Settle();
        cluster.Of("digits-r2")!.Works = false;
        cluster.RunToRest();
        Assert.That(cluster.Status.Message, Does.Contain("it crashes"), "the cause shows at once");
        cluster.Now += TimeSpan.FromMinutes(9);
        cluster.RunToRest();
        Assert.That(cluster.Rollout.State, Is.EqualTo(RolloutState.Preparing));
        cluster.Now += TimeSpan.FromMinutes(1);
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.That(cluster.Status.LastRollback!.Reason, Does.Contain("0 of 1 pods ready").And.Contain("it crashes"));
    }

    [Test]
    public void A_candidate_that_is_ready_for_moments_between_crashes_uses_its_deadline_up()
    {
        var (cluster, candidate) = WaitingForApproval();
        var crashes = 0;
        for (; crashes < 30 && cluster.Rollout.State == RolloutState.Stepping; crashes++)
        {
            Crash(cluster, candidate, away: TimeSpan.FromSeconds(50), ready: TimeSpan.FromSeconds(10));
        }

        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.That(crashes, Is.EqualTo(12), "10 minutes without a pod, 50 seconds at a time");
    }

    [Test]
    public void Crashes_that_are_far_apart_have_a_deadline_each()
    {
        var (cluster, candidate) = WaitingForApproval();
        for (var crash = 0; crash < 30; crash++)
        {
            Crash(cluster, candidate, away: TimeSpan.FromMinutes(5), ready: TimeSpan.FromMinutes(10));
        }

        Assert.That(cluster.Rollout, Has.Property("State").EqualTo(RolloutState.Stepping).And.Property("DeadlineAt").Null);
    }

    private static (SimulatedCluster Cluster, SimulatedRevision Candidate) WaitingForApproval()
    {
        var cluster = Serving();
        cluster.Steps = [new TrafficStep(10, "approval")];
        cluster.WantedHash = "b";
        cluster.RunToRest();
        return (cluster, cluster.Of("digits-r2")!);
    }

    private static void Crash(SimulatedCluster cluster, SimulatedRevision candidate, TimeSpan away, TimeSpan ready)
    {
        candidate.OneDies();
        cluster.Settle();
        cluster.Now += away;
        cluster.Settle();
        candidate.OneBecomesReady();
        cluster.Settle();
        cluster.Now += ready;
        cluster.Settle();
    }

    [Test]
    public void A_first_revision_that_never_becomes_ready_stalls_but_keeps_trying()
    {
        var cluster = new SimulatedCluster();
        cluster.Settle();
        cluster.Of("digits-r1")!.Works = false;
        cluster.Now += TimeSpan.FromMinutes(11);
        cluster.RunToRest();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Phase, Is.EqualTo("Degraded"));
            Assert.That(Condition(cluster, ConditionTypes.Stalled), Is.EqualTo("True"));
            Assert.That(cluster.Status.Message, Does.Contain("it crashes"));
            Assert.That(Events(cluster), Is.EqualTo(["RolloutStarted", "ProgressDeadlineExceeded"]));
        });
        cluster.Of("digits-r1")!.Works = true;
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "Available");
    }

    [Test]
    public void A_first_revision_without_a_ready_pod_is_replaced_by_the_next_one()
    {
        var cluster = new SimulatedCluster();
        cluster.Settle();
        cluster.Of("digits-r1")!.Works = false;
        cluster.WantedHash = "b";
        cluster.RunToRest();
        AssertServes(cluster, "digits-r2", "Available");
        Assert.That(cluster.Of("digits-r1")!.Replicas, Is.Zero);
        Assert.That(cluster.Outcomes["digits-r1"], Is.EqualTo("Superseded"));
    }

    [Test]
    public void A_new_spec_takes_the_share_from_the_old_candidate_before_a_fresh_one_starts()
    {
        var cluster = Rolling();
        cluster.WantedHash = "c";
        cluster.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(Weights(cluster), Is.EqualTo((100, 0)));
            Assert.That(cluster.Rollout.Candidate, Is.EqualTo("digits-r2"));
        });
        cluster.RunToRest();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Rollout.Candidate, Is.EqualTo("digits-r3"));
            Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
            Assert.That(cluster.Of("digits-r2")!.Replicas, Is.Zero);
            Assert.That(cluster.Outcomes["digits-r2"], Is.EqualTo("Superseded"));
            Assert.That(cluster.Status.RejectedRevisions, Is.Null);
        });
    }

    [Test]
    public void A_spec_that_goes_back_to_stable_drains_the_candidate_without_steps()
    {
        var cluster = Rolling();
        cluster.WantedHash = "a";
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "Available");
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Outcomes["digits-r2"], Is.EqualTo("RolledBack"));
            Assert.That(cluster.Status.RejectedRevisions, Is.Null);
            Assert.That(cluster.Status.LastRollback, Is.Null);
        });
    }

    [Test]
    public void A_spec_that_goes_back_while_baking_returns_to_the_warm_one_at_once()
    {
        var cluster = Rolling();
        Pass(cluster, 60);
        Pass(cluster, 60);
        cluster.WantedHash = "a";
        cluster.Reconcile();
        Assert.That(cluster.Route[0], Is.EqualTo(new RouteArm("digits-r1", ArmRole.Stable, 100)));
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "Available");
    }

    [Test]
    public void A_new_spec_ends_a_bake_and_is_tried_against_the_promoted_revision()
    {
        var cluster = Rolling();
        Pass(cluster, 60);
        Pass(cluster, 60);
        cluster.WantedHash = "c";
        cluster.RunToRest();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Rollout.Stable, Is.EqualTo("digits-r2"));
            Assert.That(cluster.Rollout.Candidate, Is.EqualTo("digits-r3"));
            Assert.That(cluster.Of("digits-r1")!.Replicas, Is.Zero);
        });
    }

    [Test]
    public void Traffic_follows_the_ready_pods_when_stable_loses_some()
    {
        var cluster = Rolling();
        Pass(cluster, 60);
        Assert.That(Weights(cluster), Is.EqualTo((50, 50)));
        cluster.Of("digits-r1")!.OneDies();
        cluster.Of("digits-r1")!.OneDies();
        cluster.Reconcile();
        Assert.That(Weights(cluster), Is.EqualTo((0, 100)));
        cluster.Of("digits-r2")!.OneDies();
        cluster.Of("digits-r1")!.OneBecomesReady();
        cluster.Reconcile();
        Assert.That(Weights(cluster), Is.EqualTo((100, 0)));
    }

    [TestCase(3)]
    [TestCase(8)]
    public void Asking_for_more_pods_gives_a_candidate_no_more_than_its_step(int replicas)
    {
        var cluster = Rolling();
        cluster.Replicas = replicas;
        cluster.Settle();
        Assert.That(Weights(cluster), Is.EqualTo((90, 10)), "the pods that carried everything are all there");
        cluster.Of("digits-r1")!.OneBecomesReady();
        cluster.Settle();
        Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
        cluster.RunToRest();
        Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
    }

    [Test]
    public void Asking_for_more_pods_together_with_another_model_gives_it_no_more_than_its_step()
    {
        var cluster = Serving();
        cluster.Replicas = 4;
        cluster.WantedHash = "b";
        cluster.Settle();
        cluster.Of("digits-r2")!.OneBecomesReady();
        cluster.Settle();
        Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
    }

    [Test]
    public void Asking_for_more_pods_while_it_bakes_takes_no_share_from_the_new_stable()
    {
        var cluster = Rolling();
        Pass(cluster, 60);
        Pass(cluster, 60);
        Assert.That(cluster.Rollout.State, Is.EqualTo(RolloutState.Baking));
        cluster.Replicas = 4;
        cluster.Settle();
        Assert.That(cluster.Status.Stable!.Weight, Is.EqualTo(100));
    }

    [Test]
    public void A_paused_rollout_promises_no_time()
    {
        var cluster = Rolling();
        Assert.That(cluster.Status.Message, Does.Contain("until"));
        cluster.Paused = true;
        cluster.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Message, Does.StartWith("Paused. digits-r2 gets 10 %").And.Not.Contain("until"));
            Assert.That(Message(cluster, ConditionTypes.Paused), Is.EqualTo("spec.rollout.paused is true"));
        });
    }

    [TestCase(JudgementDecision.Advance, "True")]
    [TestCase(JudgementDecision.Hold, "Unknown")]
    [TestCase(JudgementDecision.Pause, "Unknown")]
    public void An_analysis_is_healthy_only_with_evidence(object decision, string expected)
    {
        var cluster = Rolling();
        cluster.Verdict = (JudgementDecision)decision;
        cluster.Settle();
        Assert.That(Condition(cluster, ConditionTypes.AnalysisHealthy), Is.EqualTo(expected));
    }

    [Test]
    public void A_time_that_has_passed_is_not_promised_any_more()
    {
        var cluster = Rolling();
        cluster.Verdict = JudgementDecision.Hold;
        Pass(cluster, 61);
        Assert.That(cluster.Status.Message, Is.EqualTo("digits-r2 gets 10 %; the judge says Hold"));
    }

    [Test]
    public void A_paused_rollout_holds_its_step_and_its_deadline_but_not_its_failures()
    {
        var cluster = Rolling();
        cluster.Paused = true;
        Pass(cluster, 3600);
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Phase, Is.EqualTo("Paused"));
            Assert.That(cluster.Status.Step, Is.EqualTo("1/2"));
            Assert.That(Condition(cluster, ConditionTypes.Reconciling), Is.EqualTo("True"));
            Assert.That(Condition(cluster, ConditionTypes.Stalled), Is.EqualTo("False"));
        });
        cluster.Verdict = JudgementDecision.Rollback;
        cluster.RunToRest();
        Assert.That(cluster.Rollout.State, Is.EqualTo(RolloutState.Idle));
        Assert.That(cluster.Status.RejectedRevisions, Is.EqualTo(["b"]));
    }

    [Test]
    public void A_deadline_moves_by_the_time_that_was_spent_paused()
    {
        var cluster = Serving();
        cluster.WantedHash = "b";
        cluster.Settle();
        cluster.Of("digits-r2")!.Works = false;
        cluster.Paused = true;
        cluster.Settle();
        cluster.Now += TimeSpan.FromHours(1);
        cluster.Paused = false;
        cluster.Settle();
        Assert.That(cluster.Rollout.State, Is.EqualTo(RolloutState.Preparing));
        cluster.Now += TimeSpan.FromMinutes(10);
        cluster.RunToRest();
        Assert.That(cluster.Status.Phase, Is.EqualTo("RolledBack"));
    }

    [Test]
    public void An_invalid_spec_changes_nothing_and_says_where_it_is_wrong()
    {
        var cluster = Rolling();
        cluster.Invalid = true;
        cluster.WantedHash = "c";
        Pass(cluster, 3600);
        Assert.Multiple(() =>
        {
            Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
            Assert.That(Condition(cluster, ConditionTypes.Stalled), Is.EqualTo("True"));
            Assert.That(cluster.Status.Conditions!.Single(c => c.Type == "Stalled").Reason, Is.EqualTo("InvalidSpec"));
            Assert.That(cluster.Status.Message, Does.Contain("spec.rollout.steps[1].weight"));
        });
    }

    [Test]
    public void Edited_steps_count_from_the_next_boundary_and_never_jump_ahead()
    {
        var cluster = Rolling();
        cluster.Steps = [new(10, "60s"), new(20, "60s"), new(80, "60s")];
        cluster.Settle();
        Assert.That(cluster.Status.Step, Is.EqualTo("1/2"));
        Pass(cluster, 60);
        Assert.That((cluster.Status.Step, Weights(cluster)), Is.EqualTo(("2/3", (80, 20))));
        cluster.Steps = [new(60, "60s"), new(90, "60s")];
        Pass(cluster, 60);
        Assert.That((cluster.Status.Step, Weights(cluster)), Is.EqualTo(("3/3", (20, 80))), "steps that disagree with what was done are left aside");
    }

    [Test]
    public void A_candidate_that_cannot_grow_to_its_next_share_is_taken_back_at_the_deadline()
    {
        var cluster = Serving();
        cluster.Replicas = 4;
        cluster.RunToRest();
        cluster.WantedHash = "b";
        cluster.RunToRest();
        cluster.Of("digits-r2")!.Works = false;
        Pass(cluster, 60);
        Assert.That((cluster.Status.Step, Weights(cluster)), Is.EqualTo(("2/2", (90, 10))));
        Pass(cluster, 600);
        Assert.That(cluster.Status.Phase, Is.EqualTo("RolledBack"));
    }

    [Test]
    public void A_bake_does_not_end_over_a_failure_within_its_limit_or_without_metrics()
    {
        var cluster = Rolling();
        Pass(cluster, 60);
        Pass(cluster, 60);
        cluster.Verdict = JudgementDecision.Pause;
        Pass(cluster, 3600);
        Assert.That((cluster.Status.Phase, cluster.Rollout.State), Is.EqualTo(("Paused", RolloutState.Baking)));
        cluster.Verdict = JudgementDecision.Hold;
        cluster.RunToRest();
        Assert.That(cluster.Status.Phase, Is.EqualTo("Available"), "too few samples do not keep two revisions running for ever");
    }

    [Test]
    public void A_paused_deployment_does_not_start_a_rollout()
    {
        var cluster = Serving();
        cluster.Paused = true;
        cluster.WantedHash = "b";
        cluster.RunToRest();
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Phase, Is.EqualTo("Paused"));
            Assert.That(cluster.Status.Candidate, Is.Null);
            Assert.That(cluster.Of("digits-r2")!.Replicas, Is.Zero);
        });
    }

    [Test]
    public void A_deployment_at_zero_replicas_follows_its_spec_without_steps()
    {
        var cluster = Serving();
        cluster.Replicas = 0;
        cluster.WantedHash = "b";
        cluster.RunToRest();
        Assert.That((cluster.Rollout.Stable, cluster.Status.Phase), Is.EqualTo(("digits-r2", "Available")));
    }

    [Test]
    public void A_rollout_whose_records_are_deleted_comes_to_rest()
    {
        var cluster = Rolling();
        cluster.Revisions.Remove("digits-r2");
        cluster.WantedHash = "a";
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "Available");
    }

    [Test]
    public void An_unchanged_world_is_written_to_once()
    {
        var cluster = Rolling();
        var writes = cluster.Writes;
        cluster.Reconcile();
        Assert.That(cluster.Writes, Is.EqualTo(writes));
    }
}
