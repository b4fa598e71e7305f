using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Analysis.Policies;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.Analysis.Policies;

internal sealed class PolicyReportTests
{
    private static readonly DateTime Now = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void A_usable_policy_is_ready_and_names_who_uses_it()
    {
        var status = PolicyReport.Build(Policy(), [Deployment("b", "slo"), Deployment("a", "slo")], Now);

        Assert.Multiple(() =>
        {
            Assert.That(status.UsedBy, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(status.ObservedGeneration, Is.EqualTo(3));
            Assert.That(status.Conditions!.Select(c => (c.Type, c.Status, c.ObservedGeneration)), Is.EqualTo(new[] { ("Ready", "True", (long?)3), ("Stalled", "False", 3L) }));
        });
    }

    [Test]
    public void A_policy_that_cannot_judge_says_why_with_the_path()
    {
        var policy = Policy();
        policy.Spec.Metrics.Add(new() { Name = "typo", Query = "{{revison}}", Max = 1 });

        var ready = PolicyReport.Build(policy, [], Now).Conditions!.Single(c => c.Type == "Ready");

        Assert.That((ready.Status, ready.Reason), Is.EqualTo(("False", "InvalidSpec")));
        Assert.That(ready.Message, Does.StartWith("spec.metrics[1].query: unknown variable {{revison}}"));
    }

    [Test]
    public void A_second_look_changes_nothing()
    {
        var policy = Policy();
        policy.Status = PolicyReport.Build(policy, [Deployment("a", "slo")], Now);

        var again = PolicyReport.Build(policy, [Deployment("a", "slo")], Now.AddHours(1));

        Assert.That(again.Conditions!.Select(c => c.LastTransitionTime), Is.All.EqualTo(Now));
    }

    [TestCase("true", 0.5)]
    [TestCase("false", 0.01)]
    [TestCase(null, 0.01)]
    public void A_later_edit_moves_the_goal_posts_only_when_it_is_annotated(string? applyNow, double max)
    {
        var started = Policy();
        var now = Policy();
        now.Spec.Metrics[0].Max = 0.5;
        now.Metadata.Annotations = applyNow is null ? null : new Dictionary<string, string> { ["modeloperator.io/apply-now"] = applyNow };

        var judged = PoliciesInForce.Of([new() { Name = "slo", Spec = started.Spec }], name => name == "slo" ? now : null);

        Assert.That(judged.Single().Spec.Metrics[0].Max, Is.EqualTo(max));
    }

    [Test]
    public void An_edit_that_cannot_judge_and_a_deleted_policy_leave_what_the_rollout_started_with()
    {
        var broken = Policy();
        broken.Spec.Metrics[0].Max = null;
        broken.Metadata.Annotations = new Dictionary<string, string> { ["modeloperator.io/apply-now"] = "true" };
        var snapshot = new Api.ModelRevisions.PolicySnapshot { Name = "slo", Spec = Policy().Spec };

        Assert.That(PoliciesInForce.Of([snapshot], _ => broken).Single(), Is.SameAs(snapshot));
        Assert.That(PoliciesInForce.Of([snapshot], _ => null).Single(), Is.SameAs(snapshot));
    }

    private static V1Alpha1RollbackPolicy Policy() => new()
    {
        Metadata = new V1ObjectMeta { Name = "slo", Generation = 3 },
        Spec = new() { Metrics = [new() { Name = "errors", Builtin = "errorRate", Max = 0.01 }] },
    };

    private static V1Alpha1ModelDeployment Deployment(string name, string policy) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new() { Rollout = new() { Policies = [new PolicyReference { Name = policy }] } },
    };
}
