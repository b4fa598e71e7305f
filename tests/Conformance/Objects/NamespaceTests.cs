using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Objects;

/// <summary>The life of a namespace.</summary>
[TestFixture]
internal sealed class NamespaceTests : ConformanceTest
{
    private const string Self = "/api/v1/namespaces/NAMESPACE";

    [Test]
    public async Task A_namespace_is_active_carries_its_name_as_a_label_and_waits_for_its_contents()
    {
        var ns = await Get(Self);

        Assert.That((ns["status.phase"], ns["metadata.labels['kubernetes.io/metadata.name']"], ns["spec.finalizers"]),
            Is.EqualTo(("Active", Namespace, """["kubernetes"]""")));
    }

    [TestCase("default")]
    [TestCase("kube-system")]
    [TestCase("kube-public")]
    [TestCase("kube-node-lease")]
    public async Task It_is_there_from_the_start(string name) => Answered(200, await Get($"/api/v1/namespaces/{name}"));

    [Test]
    public async Task The_label_with_its_name_cannot_be_taken_away()
    {
        var changed = Answered(200, await MergePatch(Self, """{"metadata":{"labels":{"kubernetes.io/metadata.name":null,"a":"b"}}}"""));

        Assert.That((changed["metadata.labels['kubernetes.io/metadata.name']"], changed["metadata.labels.a"]), Is.EqualTo((Namespace, "b")));
    }

    [Test]
    public async Task A_deleted_namespace_takes_its_objects_with_it()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));
        await Created("deployments", Manifests.Deployment("web"));

        var deleted = Answered(200, await Delete(Self));

        Assert.That((deleted["status.phase"], deleted["metadata.deletionTimestamp"] is not null), Is.EqualTo(("Terminating", true)));
        await Until(Self, reply => reply.Code == 404, "is gone");
        Assert.That((await Get("configmaps/cm")).Code, Is.EqualTo(404));
        Assert.That((await Get("deployments/web")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task Nothing_new_is_created_in_a_namespace_that_is_being_deleted()
    {
        await Created("configmaps", """{"metadata":{"name":"held","finalizers":["example.com/hold"]}}""");
        await Delete(Self);

        var refused = await Post("configmaps", Manifests.ConfigMap("late"));

        Forbidden(refused, $"configmaps \"late\" is forbidden: unable to create new content in namespace {Namespace} because it is being terminated");
        Assert.That(
            (refused["details.causes[0].reason"], refused["details.causes[0].message"], refused["details.causes[0].field"]),
            Is.EqualTo(("NamespaceTerminating", $"namespace {Namespace} is being terminated", "metadata.namespace")));
        Answered(200, await MergePatch("configmaps/held", """{"metadata":{"finalizers":null}}"""));
    }

    [Test]
    public async Task A_namespace_waits_for_objects_with_finalizers()
    {
        await Created("configmaps", """{"metadata":{"name":"held","finalizers":["example.com/hold"]}}""");
        await Delete(Self);
        await Until("configmaps/held", reply => reply["metadata.deletionTimestamp"] is not null, "is being deleted");

        Assert.That((await Get(Self))["status.phase"], Is.EqualTo("Terminating"));

        Answered(200, await MergePatch("configmaps/held", """{"metadata":{"finalizers":null}}"""));
        await Until(Self, reply => reply.Code == 404, "is gone");
    }

    [Test]
    public async Task A_new_namespace_gets_a_service_account_and_the_authority_of_the_cluster()
    {
        await Until("serviceaccounts/default", reply => reply.Code == 200, "is there");

        var authority = await Until("configmaps/kube-root-ca.crt", reply => reply.Code == 200, "is there");

        Assert.That(authority["data['ca.crt']"], Does.StartWith("-----BEGIN CERTIFICATE-----"));
    }

    [TestCase("default")]
    [TestCase("kube-system")]
    public async Task A_namespace_of_the_system_cannot_be_deleted(string name) => Forbidden(
        await Delete($"/api/v1/namespaces/{name}"), $"namespaces \"{name}\" is forbidden: this namespace may not be deleted");

    private static System.Text.Json.Nodes.JsonNode? Condition(Reply reply, string type) =>
        Reply.At(reply.Json, "status.conditions")?.AsArray().FirstOrDefault(condition => condition!["type"]!.GetValue<string>() == type);
}
