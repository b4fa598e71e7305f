using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Controllers;

/// <summary>Evictions and the budgets that forbid them.</summary>
[TestFixture]
internal sealed class EvictionTests : ConformanceTest
{
    private const string Eviction = """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p"}}""";

    protected override bool CreatesPods => true;

    [Test]
    public async Task Without_a_budget_a_pod_is_evicted()
    {
        await Created("pods", Manifests.Pod("p", """{"app":"x"}""").With("spec.schedulerName", "\"nobody\""));

        Assert.That(Answered(201, await Post("pods/p/eviction", Eviction))["status"], Is.EqualTo("Success"));

        await Until("pods/p", reply => reply.Code == 404, "is gone");
    }

    [Test]
    public async Task A_budget_counts_the_healthy_pods()
    {
        await CreateReadyPodAsync();
        await Created("poddisruptionbudgets", """{"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}}}""");

        var budget = await Until("poddisruptionbudgets/b", reply => reply["status.currentHealthy"] == "1", "counts");

        Assert.That(
            (budget["status.desiredHealthy"], budget["status.expectedPods"], budget["status.disruptionsAllowed"], budget["status.observedGeneration"]),
            Is.EqualTo(("1", "1", "0", "1")));
    }

    [Test]
    public async Task A_budget_forbids_an_eviction_that_would_go_below_it()
    {
        await CreateReadyPodAsync();
        await Created("poddisruptionbudgets", """{"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}}}""");
        await Until("poddisruptionbudgets/b", reply => reply["status.currentHealthy"] == "1", "counts");

        var refused = await Post("pods/p/eviction", Eviction);

        Refused(refused, System.Net.HttpStatusCode.TooManyRequests, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
        Assert.That(
            (refused["details.causes[0].reason"], refused["details.causes[0].message"]),
            Is.EqualTo(("DisruptionBudget", "The disruption budget b needs 1 healthy pods and has 1 currently")));
        Answered(200, await Get("pods/p"));
    }

    [Test]
    public async Task An_eviction_of_what_is_not_there_is_not_found() => NotFound(await Post("pods/p/eviction", Eviction), "pods \"p\" not found");

    private async Task CreateReadyPodAsync()
    {
        await Created("pods", Manifests.Pod("p", """{"app":"x"}""").With("spec.schedulerName", "\"nobody\""));
        Answered(200, await MergePatch("pods/p/status", """
            {"status":{"phase":"Running","podIP":"10.1.2.3","podIPs":[{"ip":"10.1.2.3"}],"conditions":[{"type":"Ready","status":"True"}]}}
            """));
    }
}
