using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Objects;

/// <summary>Updates and optimistic concurrency.</summary>
[TestFixture]
internal sealed class UpdateTests : ConformanceTest
{
    private const string Modified = "the object has been modified; please apply your changes to the latest version and try again";

    [Test]
    public async Task An_update_replaces_the_object()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","labels":{"a":"b"}},"data":{"a":"1","b":"2"}}""");

        var updated = Answered(200, await Put("configmaps/cm", """{"metadata":{"name":"cm"},"data":{"c":"3"}}"""));

        Assert.That((updated["data"], updated["metadata.labels"]), Is.EqualTo(("""{"c":"3"}""", (string?)null)));
    }

    [Test]
    public async Task An_update_keeps_what_the_server_owns()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm"));

        var updated = await Put("configmaps/cm", """{"metadata":{"name":"cm","creationTimestamp":"2001-01-01T00:00:00Z","generation":9},"data":{"a":"1"}}""");

        Assert.That(
            (updated["metadata.uid"], updated["metadata.creationTimestamp"]),
            Is.EqualTo((created["metadata.uid"], created["metadata.creationTimestamp"])));
        Assert.That(long.Parse(updated.Version), Is.GreaterThan(long.Parse(created.Version)));
    }

    [Test]
    public async Task An_update_of_an_old_version_conflicts()
    {
        var old = await Created("configmaps", Manifests.ConfigMap("cm"));
        await MergePatch("configmaps/cm", """{"data":{"a":"2"}}""");

        var stale = await Put("configmaps/cm", old.Text);

        Conflict(stale, $"Operation cannot be fulfilled on configmaps \"cm\": {Modified}");
        Assert.That((stale["details.name"], stale["details.kind"]), Is.EqualTo(("cm", "configmaps")));
    }

    [Test]
    public async Task An_update_of_the_current_version_is_taken()
    {
        var current = await Created("configmaps", Manifests.ConfigMap("cm"));

        Answered(200, await Put("configmaps/cm", current.Text.Replace("\"data\":{}", "\"data\":{\"a\":\"2\"}")));
    }

    [Test]
    public async Task A_patch_with_an_old_version_conflicts()
    {
        var old = await Created("configmaps", Manifests.ConfigMap("cm"));
        await MergePatch("configmaps/cm", """{"data":{"a":"2"}}""");

        var stale = await MergePatch("configmaps/cm", $$$$"""{"metadata":{"resourceVersion":"{{{{old.Version}}}}"},"data":{"a":"3"}}""");

        Conflict(stale, $"Operation cannot be fulfilled on configmaps \"cm\": {Modified}");
    }

    [Test]
    public async Task A_write_that_changes_nothing_makes_no_new_version()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        Assert.That((await MergePatch("configmaps/cm", """{"data":{"a":"1"}}""")).Version, Is.EqualTo(created.Version));
        Assert.That((await Put("configmaps/cm", created.Text)).Version, Is.EqualTo(created.Version));
    }

    [Test]
    public async Task An_update_of_what_is_not_there_is_not_found() =>
        NotFound(await Put("configmaps/cm", """{"metadata":{"name":"cm"}}"""), "configmaps \"cm\" not found");

    [Test]
    public async Task The_name_in_an_update_must_be_the_paths() => BadRequest(
        await Put("configmaps/cm", """{"metadata":{"name":"other"}}"""),
        "the name of the object (other) does not match the name on the URL (cm)");

    [Test]
    public async Task An_update_of_another_incarnation_conflicts()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm"));

        var other = await Put("configmaps/cm", """{"metadata":{"name":"cm","uid":"11111111-2222-3333-4444-555555555555"}}""");

        Conflict(
            other,
            "Operation cannot be fulfilled on configmaps \"cm\": StorageError: invalid object, Code: 4, Key: /registry/configmaps/"
            + $"{Namespace}/cm, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
            + $"11111111-2222-3333-4444-555555555555, UID in object meta: {created["metadata.uid"]}");
    }

    [Test]
    public async Task A_lease_is_updated_only_with_its_version()
    {
        await Created("leases", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"a"}}""");

        Invalid(
            await Put("leases/l", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"b"}}"""),
            "leases.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update");
    }

    [Test]
    public async Task The_generation_counts_changes_of_the_spec_only()
    {
        await Created("deployments", Manifests.Deployment("web"));

        var labelled = await MergePatch("deployments/web", """{"metadata":{"labels":{"a":"b"}}}""");
        var scaled = await MergePatch("deployments/web", """{"spec":{"replicas":3}}""");

        Assert.That((labelled["metadata.generation"], scaled["metadata.generation"]), Is.EqualTo(("1", "2")));
    }

    [Test]
    public async Task Every_write_raises_the_version()
    {
        var versions = new List<long>();
        versions.Add(long.Parse((await Created("configmaps", Manifests.ConfigMap("a"))).Version));
        versions.Add(long.Parse((await Created("secrets", """{"metadata":{"name":"b"}}""")).Version));
        versions.Add(long.Parse((await MergePatch("configmaps/a", """{"data":{"a":"2"}}""")).Version));

        Assert.That(versions, Is.Ordered.Ascending.And.Unique);
    }

    [Test]
    public async Task Of_writers_of_one_version_one_wins()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            MergePatch("configmaps/cm", $$$$"""{"metadata":{"resourceVersion":"{{{{created.Version}}}}"},"data":{"winner":"{{{{i}}}}"}}""")));

        Assert.That(answers.Select(answer => answer.Code).Order(), Is.EqualTo(new[] { 200, 409, 409, 409, 409, 409, 409, 409 }));
    }

    [Test]
    public async Task Patches_without_a_version_all_get_in()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i => Answered(200, await MergePatch("configmaps/cm", $$$$"""{"data":{"k{{{{i}}}}":"v"}}"""))));

        Assert.That(Reply.At((await Get("configmaps/cm")).Json, "data")!.AsObject(), Has.Count.EqualTo(8));
    }
}
