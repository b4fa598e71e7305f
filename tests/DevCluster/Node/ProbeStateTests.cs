using ModelOperator.DevCluster.Node.Probes;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class ProbeStateTests
{
    [TestCase(ProbeKind.Readiness, "", false)]
    [TestCase(ProbeKind.Readiness, "+", true)]
    [TestCase(ProbeKind.Readiness, "+--", true)]
    [TestCase(ProbeKind.Readiness, "+---", false)]
    [TestCase(ProbeKind.Readiness, "+--+--", true)]
    [TestCase(ProbeKind.Readiness, "+---+", true)]
    [TestCase(ProbeKind.Liveness, "", true)]
    [TestCase(ProbeKind.Liveness, "--", true)]
    [TestCase(ProbeKind.Liveness, "---", false)]
    [TestCase(ProbeKind.Startup, "", null)]
    [TestCase(ProbeKind.Startup, "--", null)]
    [TestCase(ProbeKind.Startup, "--+", true)]
    [TestCase(ProbeKind.Startup, "---", false)]
    public void A_result_turns_after_one_success_or_three_failures_in_a_row(ProbeKind kind, string answers, bool? result)
    {
        var state = answers.Aggregate(ProbeState.Initial(kind), (s, a) => s.Next(a == '+', successThreshold: 1, failureThreshold: 3));

        Assert.That(state.Result, Is.EqualTo(result));
    }

    [Test]
    public void A_success_threshold_asks_for_successes_in_a_row()
    {
        var state = ProbeState.Initial(ProbeKind.Readiness).Next(true, 2, 1).Next(false, 2, 1).Next(true, 2, 1);

        Assert.That(state.Result, Is.False);
        Assert.That(state.Next(true, 2, 1).Result, Is.True);
    }
}
