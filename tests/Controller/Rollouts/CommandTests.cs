using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Controller.Tests.Rollouts.Simulation;
using ModelOperator.Judgement;
using static ModelOperator.Controller.Tests.Rollouts.Simulation.Scenes;

namespace ModelOperator.Controller.Tests.Rollouts;

/// <summary>What people can ask for, and when it is refused.</summary>
public sealed class CommandTests
{
    [Test]
    public void Promote_ends_the_step_whatever_it_waits_for()
    {
        var cluster = Rolling();
        cluster.Verdict = JudgementDecision.Hold;
        Command(cluster, CommandAnnotations.Promote, "digits-r2");
        Assert.That((cluster.Status.Step, Weights(cluster)), Is.EqualTo(("2/2", (50, 50))));
        Pass(cluster, 3600);
        Assert.That(cluster.Status.Step, Is.EqualTo("2/2"), "the same text is obeyed once");
        Command(cluster, CommandAnnotations.Promote, "digits-r2#again");
        Assert.That(cluster.Status.Phase, Is.EqualTo("Baking"));
        Command(cluster, CommandAnnotations.Promote, "digits-r2#bake");
        AssertServes(cluster, "digits-r2", "Available");
        Assert.That(cluster.Receipts.Select(receipt => (receipt.Revision, receipt.Step)), Is.EqualTo([("digits-r2", 1), ("digits-r2", 2), ("digits-r2", (int?)null)]));
    }

    [Test]
    public void A_command_for_a_step_that_has_passed_is_refused_once_and_does_nothing()
    {
        var cluster = Rolling();
        Pass(cluster, 60);
        Command(cluster, CommandAnnotations.Promote, "digits-r2@1");
        Pass(cluster, 10);
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.Step, Is.EqualTo("2/2"));
            Assert.That(cluster.Events.Count(e => e.Reason == "CommandRefused"), Is.EqualTo(1));
            Assert.That(LastEvent(cluster, "CommandRefused"), Is.EqualTo("promote \"digits-r2@1\" does nothing: step 2 is under way"));
            Assert.That(cluster.Receipts, Is.Empty);
        });
    }

    [TestCase("digits-r7", "there is no revision digits-r7; the candidate is digits-r2, stable is digits-r1")]
    [TestCase("digits-r1", "digits-r1 is not on trial, digits-r2 is")]
    [TestCase("Digits R2", "that is no revision, or revision and step, such as digits-r2 or digits-r2@3")]
    [TestCase("digits-r2@9", "step 1 is under way")]
    public void A_command_that_names_the_wrong_thing_is_refused_with_the_right_one(string text, string reason)
    {
        var cluster = Rolling();
        Command(cluster, CommandAnnotations.Abort, text);
        Assert.Multiple(() =>
        {
            Assert.That(LastEvent(cluster, "CommandRefused"), Does.EndWith(reason));
            Assert.That(Weights(cluster), Is.EqualTo((90, 10)));
        });
    }

    [Test]
    public void Abort_takes_the_traffic_back_and_the_revision_is_not_tried_again()
    {
        var cluster = Rolling();
        cluster.Annotations[CommandAnnotations.Reason] = "wrong tokenizer\n";
        Command(cluster, CommandAnnotations.Abort, "digits-r2@1");
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Status.LastRollback!.Reason, Is.EqualTo("a person asked for it: wrong tokenizer"));
            Assert.That(cluster.Receipts.Single().Command.Reason, Is.EqualTo("wrong tokenizer"));
            Assert.That(cluster.Outcomes["digits-r2"], Is.EqualTo("RolledBack"));
        });
    }

    [Test]
    public void Abort_of_a_revision_that_bakes_goes_back_to_the_warm_one()
    {
        var cluster = Rolling();
        Pass(cluster, 60);
        Pass(cluster, 60);
        Command(cluster, CommandAnnotations.Abort, "digits-r2");
        AssertServes(cluster, "digits-r1", "RolledBack");
    }

    [Test]
    public void Retry_gives_a_rejected_revision_another_rollout()
    {
        var cluster = Rolling();
        Command(cluster, CommandAnnotations.Abort, "digits-r2");
        Command(cluster, CommandAnnotations.Retry, "digits-r2");
        Assert.That((cluster.Status.Phase, cluster.Status.Step, cluster.Rollout.Candidate), Is.EqualTo(("Progressing", "1/2", "digits-r2")));
        Command(cluster, CommandAnnotations.Retry, "digits-r2#2");
        Assert.That(LastEvent(cluster, "CommandRefused"), Does.EndWith("a rollout is under way"));
    }

    [Test]
    public void Retry_of_what_the_spec_does_not_ask_for_is_refused()
    {
        var cluster = Rolling();
        Command(cluster, CommandAnnotations.Abort, "digits-r2");
        cluster.WantedHash = "a";
        cluster.RunToRest();
        Command(cluster, CommandAnnotations.Retry, "digits-r2");
        Assert.That(LastEvent(cluster, "CommandRefused"), Does.EndWith("the spec does not ask for digits-r2: apply the spec that does"));
    }

    [Test]
    public void Resume_begins_the_paused_step_again()
    {
        var cluster = Rolling();
        cluster.Verdict = JudgementDecision.Pause;
        Pass(cluster, 600);
        Assert.That(cluster.Status.Phase, Is.EqualTo("Paused"));
        cluster.Annotations[CommandAnnotations.Resume] = "digits-r2@1";
        cluster.Reconcile();
        cluster.Verdict = JudgementDecision.Advance;
        cluster.RunToRest();
        Assert.That((cluster.Status.Phase, cluster.Status.Step, cluster.Status.StepStartedAt), Is.EqualTo(("Progressing", "1/2", cluster.Now)));
        Command(cluster, CommandAnnotations.Resume, "digits-r2@1#2");
        Assert.That(LastEvent(cluster, "CommandRefused"), Does.EndWith("nothing is paused"));
    }

    [Test]
    public void Rollback_serves_an_old_revision_at_full_size_before_it_gets_everything_and_stays_there()
    {
        var cluster = Available("b");
        cluster.Annotations[CommandAnnotations.Rollback] = "digits-r1";
        cluster.Settle();
        Assert.That((cluster.Of("digits-r1")!.Replicas, Weights(cluster)), Is.EqualTo((2, (100, 0))), "cold pods take nothing");
        cluster.RunToRest();
        Assert.That(cluster.Status.Phase, Is.EqualTo("Baking"));
        Pass(cluster, 300);
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.That(cluster.Outcomes["digits-r2"], Is.EqualTo("RolledBack"));
        cluster.RunToRest();
        AssertServes(cluster, "digits-r1", "RolledBack");
        cluster.WantedHash = "c";
        cluster.RunToRest();
        Assert.That((cluster.Rollout.Candidate, cluster.Status.Step), Is.EqualTo(("digits-r3", "1/2")), "a changed spec is followed again");
    }

    [Test]
    public void After_a_rollback_command_the_spec_s_revision_can_be_retried()
    {
        var cluster = Available("b");
        Command(cluster, CommandAnnotations.Rollback, "digits-r1");
        Pass(cluster, 300);
        Command(cluster, CommandAnnotations.Retry, "digits-r2");
        Assert.That(cluster.Rollout.Candidate, Is.EqualTo("digits-r2"));
    }

    [Test]
    public void Rollback_to_what_never_was_stable_is_refused()
    {
        var cluster = Rolling();
        Command(cluster, CommandAnnotations.Abort, "digits-r2");
        cluster.WantedHash = "a";
        cluster.RunToRest();
        Command(cluster, CommandAnnotations.Rollback, "digits-r2");
        Assert.That(LastEvent(cluster, "CommandRefused"), Does.EndWith("digits-r2 was never stable"));
    }

    [Test]
    public void Of_two_commands_at_once_exactly_one_wins()
    {
        var cluster = Rolling();
        cluster.Annotations[CommandAnnotations.Promote] = "digits-r2@1";
        Command(cluster, CommandAnnotations.Abort, "digits-r2@1");
        AssertServes(cluster, "digits-r1", "RolledBack");
        Assert.Multiple(() =>
        {
            Assert.That(cluster.Receipts.Single().Command.Verb, Is.EqualTo(CommandVerb.Abort));
            Assert.That(LastEvent(cluster, "CommandRefused"), Is.EqualTo("promote \"digits-r2@1\" does nothing: abort came first"));
        });
    }

    [Test]
    public void Nothing_is_promoted_while_the_spec_holds_the_rollout()
    {
        var cluster = Rolling();
        cluster.Paused = true;
        Command(cluster, CommandAnnotations.Promote, "digits-r2");
        Assert.That((cluster.Status.Step, LastEvent(cluster, "CommandRefused")), Is.EqualTo(("1/2", "promote \"digits-r2\" does nothing: spec.rollout.paused is true")));
    }

    [Test]
    public void A_spec_that_goes_back_to_a_revision_that_is_still_warm_skips_the_steps()
    {
        var cluster = Available("b");
        cluster.Of("digits-r1")!.Scale(2);
        cluster.Of("digits-r1")!.OneBecomesReady();
        cluster.Of("digits-r1")!.OneBecomesReady();
        cluster.WantedHash = "a";
        cluster.Reconcile();
        Assert.That((cluster.Rollout.Candidate, cluster.Rollout.Steps.Count), Is.EqualTo(("digits-r1", 0)));
        cluster.RunToRest();
        Assert.That(cluster.Rollout.Stable, Is.EqualTo("digits-r1"));
    }

    private static SimulatedCluster Available(string hash)
    {
        var cluster = Serving();
        cluster.WantedHash = hash;
        cluster.RunToRest();
        Pass(cluster, 60);
        Pass(cluster, 60);
        Pass(cluster, 300);
        Assert.That(cluster.Status.Phase, Is.EqualTo("Available"));
        return cluster;
    }
}
