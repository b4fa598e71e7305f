using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Objects;

/// <summary>What becomes of the objects that an owner leaves behind.</summary>
[TestFixture]
internal sealed class GarbageCollectionTests : ConformanceTest
{
    [Test]
    public async Task A_dependent_goes_after_its_owner()
    {
        var owner = await Created("configmaps", Manifests.ConfigMap("owner"));
        await CreateDependent("dependent", owner);

        await Delete("configmaps/owner?propagationPolicy=Background");

        await Until("configmaps/dependent", reply => reply.Code == 404, "is collected");
    }

    [Test]
    public async Task An_owner_deleted_in_the_foreground_waits_for_blocking_dependents()
    {
        var owner = await Created("configmaps", Manifests.ConfigMap("owner"));
        await CreateDependent("dependent", owner, "true", """["example.com/hold"]""");

        var deleted = Answered(200, await Delete("configmaps/owner", """{"propagationPolicy":"Foreground"}"""));

        Assert.That(deleted["metadata.finalizers"], Is.EqualTo("""["foregroundDeletion"]"""));
        await Until("configmaps/dependent", reply => reply["metadata.deletionTimestamp"] is not null, "is being deleted");
        Answered(200, await Get("configmaps/owner"));

        await MergePatch("configmaps/dependent", """{"metadata":{"finalizers":null}}""");
        await Until("configmaps/owner", reply => reply.Code == 404, "is gone");
    }

    [Test]
    public async Task Orphaned_dependents_stay_and_lose_the_reference()
    {
        var owner = await Created("configmaps", Manifests.ConfigMap("owner"));
        await CreateDependent("dependent", owner);

        var deleted = Answered(200, await Delete("configmaps/owner", """{"propagationPolicy":"Orphan"}"""));

        Assert.That(deleted["metadata.finalizers"], Is.EqualTo("""["orphan"]"""));
        await Until("configmaps/owner", reply => reply.Code == 404, "is gone");
        var left = await Get("configmaps/dependent");
        Assert.That((left.Code, left["metadata.ownerReferences"]), Is.EqualTo((200, (string?)null)));
    }

    [Test]
    public async Task A_dependent_of_two_owners_outlives_the_first()
    {
        var first = await Created("configmaps", Manifests.ConfigMap("first"));
        var second = await Created("configmaps", Manifests.ConfigMap("second"));
        var references = $"{Reference(first)},{Reference(second)}";
        await Created("configmaps", $$$$"""{"metadata":{"name":"dependent","ownerReferences":[{{{{references}}}}]}}""");

        await Delete("configmaps/first?propagationPolicy=Background");

        await Until("configmaps/dependent", reply => Reply.At(reply.Json, "metadata.ownerReferences")!.AsArray().Count == 1, "names one owner");
        Assert.That((await Get("configmaps/dependent"))["metadata.ownerReferences[0].name"], Is.EqualTo("second"));
    }

    [Test]
    public async Task A_dependent_of_an_owner_that_never_was_is_collected()
    {
        await Created("configmaps", """
            {"metadata":{"name":"dependent","ownerReferences":[
              {"apiVersion":"v1","kind":"ConfigMap","name":"never","uid":"11111111-2222-3333-4444-555555555555"}]}}
            """);

        await Until("configmaps/dependent", reply => reply.Code == 404, "is collected");
    }

    [Test]
    public async Task A_chain_of_owners_goes_as_a_whole()
    {
        await Created("deployments", Manifests.Deployment("web"));
        await Until("replicasets", reply => reply.Items.Count == 1, "has one");

        await Delete("deployments/web?propagationPolicy=Background");

        await Until("replicasets", reply => reply.Items.Count == 0, "is empty");
        await Until("pods", reply => reply.Items.Count == 0, "is empty");
    }

    [Test]
    public async Task Custom_resources_own_and_are_owned()
    {
        await using var crd = await CustomResource.InstallAsync(Api, Namespace);
        var owner = await Created($"{crd.Path}", crd.Object("owner", "{}"));
        await CreateDependent("dependent", owner);

        await Delete($"{crd.Path}/owner?propagationPolicy=Background");

        await Until("configmaps/dependent", reply => reply.Code == 404, "is collected");
    }

    private Task<Reply> CreateDependent(string name, Reply owner, string blocks = "false", string finalizers = "[]")
    {
        var reference = Reference(owner).Replace("}", $",\"blockOwnerDeletion\":{blocks}}}", StringComparison.Ordinal);
        return Created("configmaps", $$$$"""{"metadata":{"name":"{{{{name}}}}","finalizers":{{{{finalizers}}}},"ownerReferences":[{{{{reference}}}}]}}""");
    }

    private static string Reference(Reply owner) =>
        $$$$"""{"apiVersion":"{{{{owner["apiVersion"]}}}}","kind":"{{{{owner["kind"]}}}}","name":"{{{{owner.Name}}}}","uid":"{{{{owner["metadata.uid"]}}}}"}""";
}
