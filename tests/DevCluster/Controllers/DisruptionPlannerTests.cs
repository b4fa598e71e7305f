using ModelOperator.DevCluster.Controllers.Disruption;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

[TestFixture]
internal sealed class DisruptionPlannerTests
{
    [TestCase(2, null, 3, ExpectedResult = 1)]
    [TestCase(2, null, 1, ExpectedResult = 0)]
    [TestCase(null, 1, 3, ExpectedResult = 1)]
    [TestCase(null, 1, 2, ExpectedResult = 0)]
    public int? A_budget_spares_what_is_healthy_beyond_what_it_wants(int? minAvailable, int? maxUnavailable, int ready)
    {
        var budget = Budget();
        budget.Spec!.MinAvailable = minAvailable is { } least ? least : null;
        budget.Spec.MaxUnavailable = maxUnavailable is { } most ? most : null;

        return DisruptionPlanner.Plan(budget, Enumerable.Range(0, 3).Select(i => Pod(isReady: i < ready))).DisruptionsAllowed;
    }

    [Test]
    public void A_percentage_rounds_up()
    {
        var budget = Budget();
        budget.Spec!.MinAvailable = "50%";

        var status = DisruptionPlanner.Plan(budget, Enumerable.Range(0, 3).Select(_ => Pod(isReady: true)));

        Assert.That((status.ExpectedPods, status.DesiredHealthy, status.DisruptionsAllowed), Is.EqualTo((3, 2, 1)));
    }

    [Test]
    public void Pods_of_others_do_not_count()
    {
        var other = Pod(isReady: true);
        other.Metadata.Labels = new Dictionary<string, string> { ["app"] = "other" };

        Assert.That(DisruptionPlanner.Plan(Budget(), [other]).ExpectedPods, Is.Zero);
    }

    private static V1PodDisruptionBudget Budget() => new()
    {
        Metadata = new V1ObjectMeta { Name = "b", Generation = 1 },
        Spec = new V1PodDisruptionBudgetSpec { Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } } },
    };

    private static V1Pod Pod(bool isReady) => new()
    {
        Metadata = new V1ObjectMeta { Name = "p", Labels = new Dictionary<string, string> { ["app"] = "web" } },
        Status = new V1PodStatus { Phase = "Running", Conditions = [new V1PodCondition { Type = "Ready", Status = isReady ? "True" : "False" }] },
    };
}
