using System.Text.Json.Nodes;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Controllers;

/// <summary>Deployments and ReplicaSets at work. No node takes their pods: the tests say which are ready.</summary>
[TestFixture]
internal sealed class DeploymentControllerTests : ConformanceTest
{
    protected override bool CreatesPods => true;

    [Test]
    public async Task A_replica_set_keeps_its_number_of_pods()
    {
        var set = await Created("replicasets", Manifests.ReplicaSet("web", 2));
        var pods = await Pods(2);
        Assert.That(
            (pods["items[0].metadata.ownerReferences[0].kind"], pods["items[0].metadata.ownerReferences[0].uid"], pods["items[0].metadata.ownerReferences[0].controller"], pods["items[0].metadata.generateName"]),
            Is.EqualTo(("ReplicaSet", set["metadata.uid"], "true", "web-")));

        await Delete($"pods/{pods.Items[0]}");

        await Until("pods", reply => Living(reply).Count() == 2 && !reply.Items.Contains(pods.Items[0]), "the pod is replaced");
    }

    [Test]
    public async Task Scaling_a_replica_set_adds_and_removes_pods()
    {
        await Created("replicasets", Manifests.ReplicaSet("web", 1));
        await Pods(1);
        await MergePatch("replicasets/web/scale", """{"spec":{"replicas":3}}""");
        await Pods(3);

        await MergePatch("replicasets/web", """{"spec":{"replicas":0}}""");

        await Pods(0);
        await Until("replicasets/web", reply => reply["status.replicas"] == "0" && reply["status.observedGeneration"] == "3", "reports it");
    }

    [Test]
    public async Task A_deployment_owns_a_replica_set_named_by_the_hash_of_its_template()
    {
        var deployment = await Created("deployments", Manifests.Deployment("web"));

        var sets = await Until("replicasets", reply => reply.Items.Count == 1, "has one");

        var hash = sets["items[0].metadata.labels['pod-template-hash']"];
        Assert.That(
            (sets.Items[0], sets["items[0].spec.selector.matchLabels['pod-template-hash']"], sets["items[0].metadata.ownerReferences[0].uid"], sets["items[0].metadata.annotations['deployment.kubernetes.io/revision']"]),
            Is.EqualTo(($"web-{hash}", hash, deployment["metadata.uid"], "1")));
        await Until("deployments/web", reply => reply["metadata.annotations['deployment.kubernetes.io/revision']"] == "1", "knows its revision");
    }

    [Test]
    public async Task A_deployment_without_ready_pods_is_not_available()
    {
        await Created("deployments", Manifests.Deployment("web", 2));

        var deployment = await Until("deployments/web", reply => reply["status.updatedReplicas"] == "2" && Condition(reply, "Available") is not null, "has its pods");

        Assert.That((deployment["status.replicas"], deployment["status.unavailableReplicas"], deployment["status.observedGeneration"], deployment["status.readyReplicas"] ?? "0"), Is.EqualTo(("2", "2", "1", "0")));
        Assert.That(Condition(deployment, "Available"), Is.EqualTo("False MinimumReplicasUnavailable Deployment does not have minimum availability."));
        Assert.That(Condition(deployment, "Progressing"), Does.StartWith("True ").And.Contain("ReplicaSet \"web-").And.EndWith("\" is progressing."));
    }

    [Test]
    public async Task A_deployment_whose_pods_are_ready_is_available()
    {
        await Created("deployments", Manifests.Deployment("web", 2));
        await AvailableAsync(2);

        var deployment = await Until("deployments/web", reply => Condition(reply, "Available")?.StartsWith("True", StringComparison.Ordinal) == true, "is available");

        Assert.That(Condition(deployment, "Available"), Is.EqualTo("True MinimumReplicasAvailable Deployment has minimum availability."));
        var done = await Until("deployments/web", reply => Condition(reply, "Progressing")?.Contains("NewReplicaSetAvailable") == true, "has progressed");
        Assert.That((done["status.readyReplicas"], done["status.availableReplicas"], done["status.unavailableReplicas"] ?? "0"), Is.EqualTo(("2", "2", "0")));
        Assert.That(Condition(done, "Progressing"), Does.EndWith("\" has successfully progressed."));
    }

    [Test]
    public async Task A_new_template_rolls_out_within_its_limits()
    {
        await Created("deployments", Manifests.Deployment("web", 2).With("spec.strategy", """{"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}}"""));
        await AvailableAsync(2);

        await StrategicPatch("deployments/web", """{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"example.com/none:2"}]}}}}""");

        var during = await Until("deployments/web", reply => reply["status.updatedReplicas"] == "1", "has begun");
        Assert.That((during["status.replicas"], during["status.availableReplicas"]), Is.EqualTo(("3", "2")), "one more, none less");
        await Eventually.IsAsync(
            async () =>
            {
                await MakeReadyAsync(2);
                return await Get("deployments/web");
            },
            reply => reply["status.updatedReplicas"] == "2" && reply["status.replicas"] == "2" && reply["status.availableReplicas"] == "2",
            "the new template is everywhere");
        var sets = await Get("replicasets");
        Assert.That(
            Enumerable.Range(0, 2).Select(i => $"{sets[$"items[{i}].metadata.annotations['deployment.kubernetes.io/revision']"]}:{sets[$"items[{i}].spec.replicas"]}"),
            Is.EquivalentTo(new[] { "1:0", "2:2" }));
    }

    [Test]
    public async Task Recreate_ends_the_old_pods_first()
    {
        await Created("deployments", Manifests.Deployment("web").With("spec.strategy", """{"type":"Recreate"}"""));
        await AvailableAsync(1);
        var old = (await Pods(1)).Items[0];

        await StrategicPatch("deployments/web", """{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"example.com/none:2"}]}}}}""");

        var pods = await Until("pods", reply => reply.Items.Count == 1 && reply.Items[0] != old, "is the new one alone");
        Assert.That(pods["items[0].spec.containers[0].image"], Is.EqualTo("example.com/none:2"));
    }

    [Test]
    public async Task A_paused_deployment_rolls_nothing_out()
    {
        await Created("deployments", Manifests.Deployment("web").With("spec.paused", "true"));

        var deployment = await Until("deployments/web", reply => reply["status.observedGeneration"] == "1", "has been looked at");

        Assert.That(deployment["status.replicas"] ?? "0", Is.EqualTo("0"));
        Assert.That((await Get("replicasets")).Items, Is.Empty);
        await MergePatch("deployments/web", """{"spec":{"paused":false}}""");
        await Pods(1);
    }

    [Test]
    public async Task A_template_that_comes_back_takes_its_old_replica_set()
    {
        await Created("deployments", Manifests.Deployment("web", 0));
        var first = (await Until("replicasets", reply => reply.Items.Count == 1, "has one")).Items[0];
        await StrategicPatch("deployments/web", """{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"example.com/none:2"}]}}}}""");
        await Until("replicasets", reply => reply.Items.Count == 2, "has two");

        await StrategicPatch("deployments/web", """{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"example.com/none:1"}]}}}}""");

        await Until($"replicasets/{first}", reply => reply["metadata.annotations['deployment.kubernetes.io/revision']"] == "3", "is the newest revision again");
        Assert.That((await Get("replicasets")).Items, Has.Count.EqualTo(2));
    }

    private Task<Reply> Pods(int count) => Until("pods", reply => Living(reply).Count() == count, $"there are {count}");

    // A scheduler may be reporting on the same pods: what it overwrites is said again.
    private Task<Reply> AvailableAsync(int count) => Eventually.IsAsync(
        async () =>
        {
            await MakeReadyAsync(count);
            return await Get("deployments/web");
        },
        reply => reply["status.availableReplicas"] == $"{count}",
        $"{count} pods are available");

    private async Task MakeReadyAsync(int atLeast)
    {
        var pods = await Until("pods", reply => Living(reply).Count() >= atLeast, $"there are {atLeast}");
        foreach (var name in Living(pods))
        {
            await MergePatch($"pods/{name}/status", """
                {"status":{"phase":"Running","podIP":"10.1.2.3","podIPs":[{"ip":"10.1.2.3"}],
                           "conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
                """);
        }
    }

    private static IEnumerable<string> Living(Reply pods) => ((JsonArray)pods.Json["items"]!)
        .Where(pod => pod!["metadata"]!["deletionTimestamp"] is null)
        .Select(pod => pod!["metadata"]!["name"]!.GetValue<string>());

    private static string? Condition(Reply reply, string type) => Reply.At(reply.Json, "status.conditions")?.AsArray()
        .Where(condition => condition!["type"]!.GetValue<string>() == type)
        .Select(condition => $"{condition!["status"]} {condition["reason"]} {condition["message"]}")
        .FirstOrDefault();
}
