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
        await Created("pods", Manifests.Pod("p", """{"app":"x"}"""));

        Assert.That(Answered(201, await Post("pods/p/eviction", Eviction))["status"], Is.EqualTo("Success"));

        await Until("pods/p", reply => reply.Code == 404, "is gone");
    }

    [Test]
    public async Task An_eviction_of_what_is_not_there_is_not_found() => NotFound(await Post("pods/p/eviction", Eviction), "pods \"p\" not found");

    private async Task CreateReadyPodAsync()
    {
        await Created("pods", Manifests.Pod("p", """{"app":"x"}"""));
        Answered(200, await MergePatch("pods/p/status", """
            {"status":{"phase":"Running","podIP":"10.1.2.3","podIPs":[{"ip":"10.1.2.3"}],"conditions":[{"type":"Ready","status":"True"}]}}
            """));
    }
}
