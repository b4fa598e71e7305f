using System.Text.Json.Nodes;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Patching;

/// <summary>Server-side apply: who owns which field, and what follows from it.</summary>
[TestFixture]
internal sealed class ApplyTests : ConformanceTest
{
    private const string Cm = "configmaps/cm";

    [Test]
    public async Task Applying_creates_and_applying_again_does_not()
    {
        Assert.That((await ApplyCm("""{"a":"1"}""", "one")).Code, Is.EqualTo(201));
        Assert.That((await ApplyCm("""{"a":"1"}""", "one")).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task Applying_the_same_again_makes_no_new_version()
    {
        var first = await ApplyCm("""{"a":"1"}""", "one");

        Assert.That((await ApplyCm("""{"a":"1"}""", "one")).Version, Is.EqualTo(first.Version));
    }

    [Test]
    public async Task The_manager_owns_what_it_applied()
    {
        var applied = await Apply(Cm, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm","labels":{"l":"1"}},"data":{"a":"1"}}""", "one");

        Assert.That(
            (applied["metadata.managedFields[0].manager"], applied["metadata.managedFields[0].operation"], applied["metadata.managedFields[0].apiVersion"],
             applied["metadata.managedFields[0].fieldsType"], applied["metadata.managedFields[1]"]),
            Is.EqualTo(("one", "Apply", "v1", "FieldsV1", (string?)null)));
        Assert.That(applied["metadata.managedFields[0].fieldsV1"], Is.EqualTo("""{"f:data":{"f:a":{}},"f:metadata":{"f:labels":{"f:l":{}}}}"""));
        Assert.That(applied["metadata.managedFields[0].time"], Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"));
    }

    [Test]
    public async Task A_field_of_another_manager_conflicts_and_the_conflict_names_it()
    {
        await ApplyCm("""{"a":"1"}""", "one");

        var refused = await ApplyCm("""{"a":"2"}""", "two");

        Conflict(refused, "Apply failed with 1 conflict: conflict with \"one\": .data.a");
        Assert.That(
            (refused["details.causes[0].reason"], refused["details.causes[0].message"], refused["details.causes[0].field"]),
            Is.EqualTo(("FieldManagerConflict", "conflict with \"one\"", ".data.a")));
    }

    [Test]
    public async Task Several_conflicts_are_listed()
    {
        await ApplyCm("""{"a":"1","b":"1"}""", "one");

        var refused = await ApplyCm("""{"a":"2","b":"2"}""", "two");

        Conflict(refused, "Apply failed with 2 conflicts: conflicts with \"one\":\n- .data.a\n- .data.b");
    }

    [Test]
    public async Task A_conflict_with_an_update_tells_who_updated_and_in_which_version()
    {
        await Send(HttpMethod.Post, "configmaps?fieldManager=writer", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        var refused = await ApplyCm("""{"a":"2"}""", "one");

        Assert.That(refused.Message, Does.Match("^Apply failed with 1 conflict: conflict with \"writer\" using v1: .data.a$"));
    }

    [Test]
    public async Task The_same_value_is_shared_without_conflict()
    {
        await ApplyCm("""{"a":"1"}""", "one");

        var shared = Answered(200, await ApplyCm("""{"a":"1"}""", "two"));

        Assert.That(Managers(shared), Is.EquivalentTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task Forcing_takes_the_field_over()
    {
        await ApplyCm("""{"a":"1","b":"1"}""", "one");

        var forced = Answered(200, await ApplyCm("""{"a":"2"}""", "two", force: true));

        Assert.That((forced["data.a"], forced["data.b"]), Is.EqualTo(("2", "1")));
        Assert.That(FieldsOf(forced, "one"), Is.EqualTo("""{"f:data":{"f:b":{}}}"""));
        Assert.That(FieldsOf(forced, "two"), Is.EqualTo("""{"f:data":{"f:a":{}}}"""));
    }

    [Test]
    public async Task What_an_owner_no_longer_applies_is_removed()
    {
        await ApplyCm("""{"a":"1","b":"1"}""", "one");

        Assert.That((await ApplyCm("""{"a":"1"}""", "one"))["data"], Is.EqualTo("""{"a":"1"}"""));
    }

    [Test]
    public async Task What_others_own_too_stays_when_one_gives_it_up()
    {
        await ApplyCm("""{"a":"1","b":"1"}""", "one");
        await ApplyCm("""{"b":"1"}""", "two");

        var left = await ApplyCm("""{"a":"1"}""", "one");

        Assert.That((left["data.b"], FieldsOf(left, "two")), Is.EqualTo(("1", """{"f:data":{"f:b":{}}}""")));
    }

    [Test]
    public async Task What_nobody_applied_stays()
    {
        await ApplyCm("""{"a":"1"}""", "one");
        await MergePatch(Cm, """{"data":{"b":"2"}}""");

        Assert.That((await ApplyCm("""{"a":"1"}""", "one"))["data.b"], Is.EqualTo("2"));
    }

    [Test]
    public async Task An_update_takes_ownership_from_the_applier()
    {
        await ApplyCm("""{"a":"1","b":"1"}""", "one");

        var updated = await Send(HttpMethod.Patch, $"{Cm}?fieldManager=writer", """{"data":{"a":"2"}}""", "application/merge-patch+json");

        Assert.That(FieldsOf(updated, "one"), Is.EqualTo("""{"f:data":{"f:b":{}}}"""));
        Assert.That(FieldsOf(updated, "writer"), Is.EqualTo("""{"f:data":{"f:a":{}}}"""));
    }

    [Test]
    public async Task A_manager_is_required() => Invalid(
        await Send(HttpMethod.Patch, Cm, Manifests.ConfigMap("cm"), "application/apply-patch+yaml"),
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");

    [Test]
    public async Task A_managers_name_has_at_most_128_characters()
    {
        var name = new string('m', 129);

        var refused = await ApplyCm("{}", name);

        Invalid(refused, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than 128 bytes");
    }

    [Test]
    public async Task Only_apply_may_be_forced()
    {
        await ApplyCm("""{"a":"1"}""", "one");

        Invalid(
            await Send(HttpMethod.Patch, $"{Cm}?force=true", "{}", "application/merge-patch+json"),
            "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch");
    }

    [Test]
    public async Task The_kind_must_be_in_the_body()
    {
        var refused = await Apply(Cm, """{"metadata":{"name":"cm"}}""", "one");

        BadRequest(refused, "invalid object type: /, Kind=");
    }

    [Test]
    public async Task The_name_must_be_the_paths() => BadRequest(
        await Apply(Cm, Manifests.ConfigMap("other"), "one"), "the name of the object (other) does not match the name on the URL (cm)");

    [Test]
    public async Task Managed_fields_must_not_be_applied()
    {
        await ApplyCm("""{"a":"1"}""", "one");

        BadRequest(
            await Apply(Cm, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm","managedFields":[{"manager":"x","operation":"Apply","apiVersion":"v1"}]}}""", "one"),
            "metadata.managedFields must be nil");
    }

    [Test]
    public async Task Yaml_is_applied_too()
    {
        var applied = await Apply(Cm, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\ndata:\n  a: \"1\"\n", "one");

        Assert.That((applied.Code, applied["data.a"]), Is.EqualTo((201, "1")));
    }

    [Test]
    public async Task Elements_of_a_keyed_list_have_owners_of_their_own()
    {
        await ApplyDeployment("""[{"name":"main","image":"example.com/none:1"}]""", "one");
        var two = Answered(200, await ApplyDeployment("""[{"name":"side","image":"example.com/side:1"}]""", "two"));

        Assert.That((two["spec.template.spec.containers[0].name"], two["spec.template.spec.containers[1].name"]), Is.EqualTo(("main", "side")));
        Assert.That(
            FieldsOf(two, "two"),
            Is.EqualTo("""{"f:spec":{"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"side\"}":{".":{},"f:image":{},"f:name":{}}}}}}}"""));

        var left = Answered(200, await ApplyDeployment("[]", "two"));
        Assert.That(left["spec.template.spec.containers[1]"], Is.Null, "what its owner no longer applies is removed");
    }

    [Test]
    public async Task Defaults_belong_to_nobody()
    {
        var applied = await ApplyDeployment("""[{"name":"main","image":"example.com/none:1"}]""", "one");

        Assert.That(applied["spec.replicas"], Is.EqualTo("1"));
        Assert.That(FieldsOf(applied, "one"), Does.Not.Contain("f:replicas").And.Not.Contain("f:terminationMessagePath"));
    }

    [Test]
    public async Task Finalizers_are_a_set_with_an_owner_for_each()
    {
        await Apply(Cm, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm","finalizers":["a.b/1"]}}""", "one");
        var both = await Apply(Cm, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm","finalizers":["a.b/2"]}}""", "two");

        Assert.That(both["metadata.finalizers"], Is.EqualTo("""["a.b/1","a.b/2"]"""));
        Assert.That(FieldsOf(both, "two"), Is.EqualTo("""{"f:metadata":{"f:finalizers":{"v:\"a.b/2\"":{}}}}"""));
        var one = await Apply(Cm, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"}}""", "one");
        Assert.That(one["metadata.finalizers"], Is.EqualTo("""["a.b/2"]"""));
        await MergePatch(Cm, """{"metadata":{"finalizers":null}}""");
    }

    [Test]
    public async Task An_update_records_the_fields_it_set()
    {
        var created = await Send(HttpMethod.Post, "configmaps?fieldManager=writer", """{"metadata":{"name":"cm"},"data":{"a":"1"}}""");

        Assert.That(
            (created["metadata.managedFields[0].manager"], created["metadata.managedFields[0].operation"], created["metadata.managedFields[0].fieldsV1"]),
            Is.EqualTo(("writer", "Update", """{"f:data":{".":{},"f:a":{}}}""")));
    }

    [Test]
    public async Task A_status_is_applied_by_itself()
    {
        await ApplyDeployment("""[{"name":"main","image":"example.com/none:1"}]""", "one");

        var status = Answered(200, await Apply("deployments/web/status", """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"status":{"collisionCount":7}}""", "two"));

        Assert.That(status["status.collisionCount"], Is.EqualTo("7"));
        var entry = Entry(status, "two");
        Assert.That((Reply.Render(entry["subresource"]), Reply.Render(entry["fieldsV1"])), Is.EqualTo(("status", """{"f:status":{"f:collisionCount":{}}}""")));
    }

    [Test]
    public async Task Removing_managed_fields_starts_over()
    {
        await ApplyCm("""{"a":"1"}""", "one");

        var emptied = Answered(200, await MergePatch(Cm, """{"metadata":{"managedFields":[{}]}}"""));

        Assert.That(emptied["metadata.managedFields"], Is.Null);
    }

    [Test]
    public async Task A_dry_apply_changes_nothing()
    {
        var first = await ApplyCm("""{"a":"1"}""", "one");

        var dry = Answered(200, await Apply($"{Cm}?dryRun=All", Manifests.ConfigMap("cm", """{"a":"2"}"""), "one"));

        Assert.That((dry["data.a"], (await Get(Cm)).Version), Is.EqualTo(("2", first.Version)));
    }

    [Test]
    public async Task A_version_in_the_body_is_a_precondition()
    {
        await ApplyCm("""{"a":"1"}""", "one");

        var stale = await Apply(Cm, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm","resourceVersion":"1"},"data":{"a":"2"}}""", "one");

        Assert.That((stale.Code, stale.Reason), Is.EqualTo((409, "Conflict")));
    }

    [Test]
    public async Task An_unknown_field_cannot_be_applied()
    {
        var refused = await Apply(Cm, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"},"wrong":1}""", "one");

        Assert.That(refused.Code, Is.EqualTo(500).Or.EqualTo(400), refused.Text);
        Assert.That(refused.Message, Does.Contain("failed to create typed patch object").And.Contain(".wrong: field not declared in schema"));
    }

    private Task<Reply> ApplyCm(string data, string manager, bool force = false) =>
        Apply(Cm, $$$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"},"data":{{{{data}}}}}""", manager, force);

    private Task<Reply> ApplyDeployment(string containers, string manager) => Apply(
        "deployments/web",
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},
         "spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{}}}}
        """.With("spec.template.spec.containers", containers),
        manager);

    private static IEnumerable<string> Managers(Reply reply) =>
        ((JsonArray)Reply.At(reply.Json, "metadata.managedFields")!).Select(entry => entry!["manager"]!.GetValue<string>());

    private static JsonNode Entry(Reply reply, string manager) =>
        ((JsonArray)Reply.At(reply.Json, "metadata.managedFields")!).Single(entry => entry!["manager"]!.GetValue<string>() == manager)!;

    private static string? FieldsOf(Reply reply, string manager) => Reply.Render(Entry(reply, manager)["fieldsV1"]);
}
