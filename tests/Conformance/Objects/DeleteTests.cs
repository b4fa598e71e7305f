using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Objects;

/// <summary>Deletion, finalizers, preconditions, grace.</summary>
[TestFixture]
internal sealed class DeleteTests : ConformanceTest
{
    protected override bool CreatesPods => true;

    [Test]
    public async Task A_deleted_object_is_gone_and_the_answer_names_it()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm"));

        var deleted = Answered(200, await Delete("configmaps/cm"));

        Assert.That(
            (deleted["kind"], deleted["status"], deleted["details.name"], deleted["details.kind"], deleted["details.uid"]),
            Is.EqualTo(("Status", "Success", "cm", "configmaps", created["metadata.uid"])));
        NotFound(await Get("configmaps/cm"), "configmaps \"cm\" not found");
    }

    [Test]
    public async Task A_second_delete_is_not_found()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));
        await Delete("configmaps/cm");

        NotFound(await Delete("configmaps/cm"), "configmaps \"cm\" not found");
    }

    [Test]
    public async Task A_deleted_pod_is_given_back_as_it_was()
    {
        await Created("pods", Manifests.Pod("p"));

        var deleted = Answered(200, await Delete("pods/p"));

        Assert.That((deleted["kind"], deleted.Name), Is.EqualTo(("Pod", "p")));
    }

    [Test]
    public async Task A_pod_that_no_node_has_goes_at_once()
    {
        await Created("pods", Manifests.Pod("p"));

        await Delete("pods/p");

        Assert.That((await Get("pods/p")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_pod_that_a_node_has_waits_for_the_node()
    {
        await Created("pods", Manifests.Pod("p").With("spec.nodeName", "\"nobody\"").With("spec.terminationGracePeriodSeconds", "7"));

        var deleted = await Delete("pods/p");

        Assert.That((deleted["metadata.deletionGracePeriodSeconds"], deleted["metadata.deletionTimestamp"] is not null), Is.EqualTo(("7", true)));
        Answered(200, await Delete("pods/p", """{"gracePeriodSeconds":0}"""));
        Assert.That((await Get("pods/p")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_shorter_grace_shortens_a_longer_one()
    {
        await Created("pods", Manifests.Pod("p").With("spec.nodeName", "\"nobody\""));

        Assert.That((await Delete("pods/p"))["metadata.deletionGracePeriodSeconds"], Is.EqualTo("30"));
        Assert.That((await Delete("pods/p", """{"gracePeriodSeconds":5}"""))["metadata.deletionGracePeriodSeconds"], Is.EqualTo("5"));
        Assert.That((await Delete("pods/p?gracePeriodSeconds=60"))["metadata.deletionGracePeriodSeconds"], Is.EqualTo("5"));
        await Delete("pods/p?gracePeriodSeconds=0");
    }

    [Test]
    public async Task An_object_with_a_finalizer_waits_for_it()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","finalizers":["example.com/x"]}}""");

        var deleted = Answered(200, await Delete("configmaps/cm"));

        Assert.That((deleted["kind"], deleted["metadata.deletionTimestamp"] is not null, deleted["metadata.deletionGracePeriodSeconds"]), Is.EqualTo(("ConfigMap", true, "0")));
        Answered(200, await Get("configmaps/cm"));
        Answered(200, await MergePatch("configmaps/cm", """{"metadata":{"finalizers":null}}"""));
        Assert.That((await Get("configmaps/cm")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task An_object_that_is_being_deleted_gets_no_new_finalizers()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","finalizers":["example.com/x"]}}""");
        await Delete("configmaps/cm");

        Invalid(
            await MergePatch("configmaps/cm", """{"metadata":{"finalizers":["example.com/x","example.com/y"]}}"""),
            "ConfigMap \"cm\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
            + "found new finalizers []string{\"example.com/y\"}");
        await MergePatch("configmaps/cm", """{"metadata":{"finalizers":null}}""");
    }

    [Test]
    public async Task An_object_that_is_being_deleted_can_still_be_changed()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","finalizers":["example.com/x"]}}""");
        await Delete("configmaps/cm");

        Assert.That(Answered(200, await MergePatch("configmaps/cm", """{"data":{"a":"1"}}"""))["data.a"], Is.EqualTo("1"));
        await MergePatch("configmaps/cm", """{"metadata":{"finalizers":null}}""");
    }

    [Test]
    public async Task The_time_of_deletion_does_not_move()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","finalizers":["example.com/x"]}}""");
        var first = await Delete("configmaps/cm");

        var second = await Delete("configmaps/cm");

        Assert.That(second["metadata.deletionTimestamp"], Is.EqualTo(first["metadata.deletionTimestamp"]));
        await MergePatch("configmaps/cm", """{"metadata":{"finalizers":null}}""");
    }

    [Test]
    public async Task A_delete_of_another_incarnation_conflicts()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm"));

        var refused = await Delete("configmaps/cm", """{"preconditions":{"uid":"11111111-2222-3333-4444-555555555555"}}""");

        Conflict(
            refused,
            "Operation cannot be fulfilled on ConfigMap \"cm\": the UID in the precondition (11111111-2222-3333-4444-555555555555) does not "
            + $"match the UID in record ({created["metadata.uid"]}). The object might have been deleted and then recreated");
    }

    [Test]
    public async Task A_delete_of_an_old_version_conflicts()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm"));
        var changed = await MergePatch("configmaps/cm", """{"data":{"a":"1"}}""");

        var refused = await Delete("configmaps/cm", $$$$"""{"preconditions":{"resourceVersion":"{{{{created.Version}}}}"}}""");

        Conflict(
            refused,
            $"Operation cannot be fulfilled on ConfigMap \"cm\": the ResourceVersion in the precondition ({created.Version}) does not match "
            + $"the ResourceVersion in record ({changed.Version}). The object might have been modified");
    }

    [Test]
    public async Task A_dry_delete_deletes_nothing()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        Answered(200, await Delete("configmaps/cm?dryRun=All"));

        Answered(200, await Get("configmaps/cm"));
    }

    [Test]
    public async Task A_collection_is_deleted_by_selector()
    {
        await Created("configmaps", Manifests.ConfigMap("a", labels: """{"app":"x"}"""));
        await Created("configmaps", Manifests.ConfigMap("b", labels: """{"app":"x"}"""));
        await Created("configmaps", Manifests.ConfigMap("c", labels: """{"app":"y"}"""));

        var deleted = Answered(200, await Delete("configmaps?labelSelector=app%3Dx"));

        Assert.That((deleted["kind"], string.Join(",", deleted.Items)), Is.EqualTo(("ConfigMapList", "a,b")));
        Assert.That((await Get("configmaps?labelSelector=app")).Items, Is.EqualTo(new[] { "c" }));
    }

    [Test]
    public async Task A_collection_of_no_objects_is_deleted_too() =>
        Assert.That(Answered(200, await Delete("leases")).Items, Is.Empty);

    [Test]
    public async Task A_propagation_policy_that_is_none_is_invalid() => Invalid(
        await Delete("configmaps/cm", """{"propagationPolicy":"Sideways"}"""),
        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"Sideways\": "
        + "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"");

    [Test]
    public async Task Two_propagation_policies_are_invalid() => Invalid(
        await Delete("configmaps/cm", """{"propagationPolicy":"Background","orphanDependents":true}"""),
        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Invalid value: \"Background\": "
        + "orphanDependents and deletionPropagation cannot be both set");

    [Test]
    public async Task A_name_can_be_taken_again_after_a_delete()
    {
        var first = await Created("configmaps", Manifests.ConfigMap("cm"));
        await Delete("configmaps/cm");

        var second = await Created("configmaps", Manifests.ConfigMap("cm"));

        Assert.That(second["metadata.uid"], Is.Not.EqualTo(first["metadata.uid"]));
    }
}
