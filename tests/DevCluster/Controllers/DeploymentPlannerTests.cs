using ModelOperator.DevCluster.Controllers.Deployments;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class DeploymentPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase("25%", "25%", 4, 1, 1)]
    [TestCase("25%", "25%", 1, 1, 0)]
    [TestCase("25%", "25%", 10, 3, 2)]
    [TestCase("0", "0", 3, 0, 1)]
    [TestCase("2", "0", 3, 2, 0)]
    [TestCase("100%", "50%", 3, 3, 1)]
    [TestCase("0%", "10%", 3, 0, 1)]
    public void Surge_rounds_up_unavailable_rounds_down_and_never_are_both_zero(
        string surge, string unavailable, int replicas, int maxSurge, int maxUnavailable)
    {
        var spec = new DeploymentSpec
        {
            Replicas = replicas,
            Strategy = new V1DeploymentStrategy { RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = surge, MaxUnavailable = unavailable } },
        };

        Assert.That(RollingLimits.Of(spec), Is.EqualTo(new RollingLimits(maxSurge, maxUnavailable)));
    }

    [Test]
    public void A_new_deployment_gets_a_replica_set_named_by_the_hash_of_its_template()
    {
        var deployment = Deployments.Of(replicas: 3, image: "web:1");

        var create = Plan(deployment).Actions.OfType<DeploymentAction.Create>().Single().ReplicaSet;

        var hash = create.GetLabel(PodTemplateHash.Label);
        Assert.Multiple(() =>
        {
            Assert.That(create.Metadata.Name, Is.EqualTo($"web-{hash}"));
            Assert.That(create.Spec.Replicas, Is.EqualTo(3));
            Assert.That(create.Spec.Selector!.MatchLabels![PodTemplateHash.Label], Is.EqualTo(hash));
            Assert.That((string?)create.Spec.Template["metadata"]!["labels"]![PodTemplateHash.Label], Is.EqualTo(hash));
            Assert.That(create.GetAnnotation(DeploymentAnnotations.Revision), Is.EqualTo("1"));
            Assert.That(create.GetController()!.Uid, Is.EqualTo(deployment.Metadata.Uid));
        });
    }

    [Test]
    public void The_hash_follows_the_template_and_nothing_else()
    {
        var one = PodTemplateHash.Of(Deployments.Of(1, "web:1").Spec.Template);

        Assert.That(PodTemplateHash.Of(Deployments.Of(5, "web:1").Spec.Template), Is.EqualTo(one));
        Assert.That(PodTemplateHash.Of(Deployments.Of(1, "web:2").Spec.Template), Is.Not.EqualTo(one));
        var other = Deployments.Of(1, "web:1").Spec.Template;
        other["spec"]!["priorityClassName"] = "low";
        Assert.That(PodTemplateHash.Of(other), Is.Not.EqualTo(one), "a field that no model knows counts too");
    }

    [Test]
    public void A_template_that_comes_back_takes_its_old_replica_set_with_the_next_number()
    {
        var deployment = Deployments.Of(1, "web:1");
        var first = Deployments.ReplicaSetOf(deployment, replicas: 0, revision: 1);
        var second = Deployments.ReplicaSetOf(Deployments.Of(1, "web:2"), replicas: 1, revision: 2);

        var plan = Plan(deployment, first, second);

        Assert.That(plan.Revision, Is.EqualTo(3));
        Assert.That(plan.Actions, Does.Contain(new DeploymentAction.Number(first, 3)));
        Assert.That(plan.Actions.OfType<DeploymentAction.Create>(), Is.Empty);
    }

    [Test]
    public void Recreate_ends_every_old_pod_before_the_first_new_one()
    {
        var deployment = Deployments.Of(2, "web:2");
        deployment.Spec.Strategy = new V1DeploymentStrategy { Type = "Recreate" };
        var old = Deployments.ReplicaSetOf(Deployments.Of(2, "web:1"), replicas: 2);

        Assert.That(Plan(deployment, old).Actions, Is.EqualTo(new DeploymentAction[] { new DeploymentAction.Scale(old, 0, 2) }));

        old.Spec.Replicas = 0;
        Assert.That(DeploymentPlanner.Plan(DeploymentView.Of(deployment, [old], _ => true), Now).Actions, Is.Empty);
        Assert.That(Plan(deployment, old).Actions.Single(), Is.InstanceOf<DeploymentAction.Create>());
    }

    [Test]
    public void Resizing_one_replica_set_is_one_write_and_no_rollout()
    {
        var deployment = Deployments.Of(5, "web:1");
        var current = Deployments.ReplicaSetOf(deployment, replicas: 2, desired: 2);

        Assert.That(Plan(deployment, current).Actions, Does.Contain(new DeploymentAction.Scale(current, 5, 5)));
    }

    [Test]
    public void Resizing_in_the_middle_of_a_rollout_keeps_the_proportions()
    {
        var deployment = Deployments.Of(20, "web:2");
        var old = Deployments.ReplicaSetOf(Deployments.Of(10, "web:1"), replicas: 8, desired: 10);
        var current = Deployments.ReplicaSetOf(deployment, replicas: 5, desired: 10);

        var sizes = Plan(deployment, old, current).Actions.OfType<DeploymentAction.Scale>().ToDictionary(s => s.ReplicaSet, s => s.Replicas);

        Assert.That(sizes.Values.Sum(), Is.EqualTo(25));
        Assert.That(sizes[old], Is.GreaterThan(sizes[current]));
        Assert.That(sizes[current], Is.GreaterThan(5));
    }

    [Test]
    public void A_paused_deployment_does_not_roll()
    {
        var deployment = Deployments.Of(2, "web:2");
        deployment.Spec.Paused = true;
        var old = Deployments.ReplicaSetOf(Deployments.Of(2, "web:1"), replicas: 2);

        var plan = Plan(deployment, old);

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(Progressing(plan).Reason, Is.EqualTo("DeploymentPaused"));
    }

    [Test]
    public void A_complete_rollout_says_so_and_cleans_up_history()
    {
        var deployment = Deployments.Of(1, "web:9");
        deployment.Spec.RevisionHistoryLimit = 1;
        var oldest = Deployments.ReplicaSetOf(Deployments.Of(1, "web:7"), replicas: 0, revision: 1);
        var older = Deployments.ReplicaSetOf(Deployments.Of(1, "web:8"), replicas: 0, revision: 2);
        var current = Deployments.ReplicaSetOf(deployment, replicas: 1, available: 1, revision: 3);

        var plan = Plan(deployment, older, oldest, current);

        Assert.That(plan.Actions, Is.EqualTo(new DeploymentAction[] { new DeploymentAction.Delete(oldest) }));
        Assert.That(Progressing(plan).Reason, Is.EqualTo("NewReplicaSetAvailable"));
        Assert.That(plan.Status.Conditions!.Single(c => c.Type == "Available").Reason, Is.EqualTo("MinimumReplicasAvailable"));
        Assert.That(plan.LookAgainAt, Is.Null);
    }

    [Test]
    public void A_rollout_that_stands_still_past_its_deadline_says_so()
    {
        var deployment = Deployments.Of(1, "web:1");
        deployment.Spec.ProgressDeadlineSeconds = 60;
        var current = Deployments.ReplicaSetOf(deployment, replicas: 1, available: 0);
        var first = Plan(deployment, current);
        Assert.That(Progressing(first).Reason, Is.EqualTo("ReplicaSetUpdated"));
        Assert.That(first.LookAgainAt, Is.EqualTo(Now.AddSeconds(61)));

        deployment.Status = first.Status;
        var late = DeploymentPlanner.Plan(DeploymentView.Of(deployment, [current], _ => true), Now.AddSeconds(61));

        Assert.That(Progressing(late).Status, Is.EqualTo("False"));
        Assert.That(Progressing(late).Reason, Is.EqualTo("ProgressDeadlineExceeded"));
    }

    [Test]
    public void The_same_view_twice_gives_the_same_status()
    {
        var deployment = Deployments.Of(2, "web:1");
        var current = Deployments.ReplicaSetOf(deployment, replicas: 2, available: 1);
        var first = Plan(deployment, current);
        deployment.Status = first.Status;

        var second = DeploymentPlanner.Plan(DeploymentView.Of(deployment, [current], _ => true), Now.AddSeconds(5));

        Assert.That(Deployments.Json(second.Status), Is.EqualTo(Deployments.Json(first.Status)));
    }

    private static V1DeploymentCondition Progressing(DeploymentPlan plan) => plan.Status.Conditions!.Single(c => c.Type == "Progressing");

    private static DeploymentPlan Plan(Deployment deployment, params ReplicaSet[] replicaSets) =>
        DeploymentPlanner.Plan(DeploymentView.Of(deployment, replicaSets, _ => false), Now);
}
