using System.Text.Json.Nodes;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Schemas;

/// <summary>CustomResourceDefinitions: which are taken, what they bring, how they go.</summary>
[TestFixture]
internal sealed class DefinitionTests : ConformanceTest
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Any = """{"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}""";

    [Test]
    public async Task A_definition_is_defaulted_accepted_and_established()
    {
        await using var crd = await CustomResource.InstallAsync(Api, Namespace);

        var definition = await Get(crd.DefinitionPath);

        Assert.That(
            (definition["spec.conversion.strategy"], definition["status.acceptedNames.plural"], definition["status.acceptedNames.kind"], definition["status.storedVersions"]),
            Is.EqualTo(("None", "widgets", "Widget", """["v1"]""")));
        Assert.That(Condition(definition, "NamesAccepted"), Is.EqualTo("True NoConflicts no conflicts found"));
        Assert.That(Condition(definition, "Established"), Is.EqualTo("True InitialNamesAccepted the initial names have been accepted"));
    }

    [Test]
    public async Task The_singular_and_the_list_kind_have_defaults()
    {
        var definition = Without(CustomResource.Definition(Namespace, Any), "spec.names", "singular", "listKind");

        var created = Answered(201, await Post($"{Definitions}?dryRun=All", definition));

        Assert.That((created["spec.names.singular"], created["spec.names.listKind"]), Is.EqualTo(("widget", "WidgetList")));
    }

    [Test]
    public async Task The_name_must_be_plural_and_group() => Invalid(
        await Post($"{Definitions}?dryRun=All", CustomResource.Definition(Namespace, Any).With("metadata.name", $"\"gadgets.{Namespace}.example.com\"")),
        $"CustomResourceDefinition.apiextensions.k8s.io \"gadgets.{Namespace}.example.com\" is invalid: metadata.name: Invalid value: "
        + $"\"gadgets.{Namespace}.example.com\": must be spec.names.plural+\".\"+spec.group");

    [Test]
    public async Task A_schema_is_required() => await Refuses(
        CustomResource.Definition(Namespace, Any).With("spec.versions[0].schema", "null"),
        "spec.versions[0].schema.openAPIV3Schema: Required value");

    [Test]
    public async Task A_schema_is_structural() => await Refuses(
        CustomResource.Definition(Namespace, """{"spec":{"properties":{"a":{"type":"string"}}}}"""),
        "spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields");

    [Test]
    public async Task Exactly_one_version_is_stored() => await Refuses(
        CustomResource.Definition(Namespace, Any).With("spec.versions[0].storage", "false"),
        "spec.versions: Invalid value: ",
        "must have exactly one version marked as storage version");

    [Test]
    public async Task A_rule_that_cannot_be_compiled_is_refused() => await Refuses(
        CustomResource.Definition(
            Namespace, """{"spec":{"type":"object","properties":{"size":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.size >"}]}}"""),
        "properties[spec].x-kubernetes-validations[0].rule: Invalid value: ",
        "compilation failed: ");

    [Test]
    public async Task A_definition_brings_its_resource_into_discovery()
    {
        await using var crd = await CustomResource.InstallAsync(Api, Namespace, version: "\"subresources\":{\"status\":{}}");

        var resources = await Until($"/apis/{crd.Group}/v1", reply => reply.Code == 200, "is discovered");

        var widgets = ((JsonArray)resources.Json["resources"]!).Single(resource => resource!["name"]!.GetValue<string>() == "widgets");
        Assert.That(
            (Reply.Render(widgets!["kind"]), Reply.Render(widgets["singularName"]), Reply.Render(widgets["shortNames"]), Reply.Render(widgets["categories"]), Reply.Render(widgets["namespaced"])),
            Is.EqualTo(("Widget", "widget", """["wd"]""", """["gadgets"]""", "true")));
        Assert.That(((JsonArray)resources.Json["resources"]!).Select(resource => resource!["name"]!.GetValue<string>()), Does.Contain("widgets/status"));
    }

    [Test]
    public async Task Deleting_a_definition_deletes_its_objects()
    {
        await using var crd = await CustomResource.InstallAsync(Api, Namespace);
        await Created(crd.Path, crd.Object("a", "{}"));

        await Delete(crd.DefinitionPath);

        await Until(crd.DefinitionPath, reply => reply.Code == 404, "is gone");
        await Until(crd.Path, reply => reply.Code == 404, "is no longer served");
    }

    [Test]
    public async Task A_definition_waits_for_the_finalizers_of_its_objects()
    {
        await using var crd = await CustomResource.InstallAsync(Api, Namespace);
        await Created(crd.Path, crd.Object("a", "{}").With("metadata.finalizers", """["a.b/hold"]"""));

        await Delete(crd.DefinitionPath);

        await Until($"{crd.Path}/a", reply => reply["metadata.deletionTimestamp"] is not null, "is being deleted");
        var waiting = await Until(crd.DefinitionPath, reply => Condition(reply, "Terminating") is not null, "is terminating");
        Assert.That(waiting["metadata.finalizers"], Is.EqualTo("""["customresourcecleanup.apiextensions.k8s.io"]"""));
        await MergePatch($"{crd.Path}/a", """{"metadata":{"finalizers":null}}""");
        await Until(crd.DefinitionPath, reply => reply.Code == 404, "is gone");
    }

    [Test]
    public async Task A_version_that_is_not_served_is_not_found()
    {
        var definition = JsonNode.Parse(CustomResource.Definition(Namespace, Any))!;
        var second = definition["spec"]!["versions"]![0]!.DeepClone();
        second["name"] = "v2";
        second["served"] = false;
        second["storage"] = false;
        definition["spec"]!["versions"]!.AsArray().Add(second);
        await Created(Definitions, definition.ToJsonString());
        await using var crd = await CustomResource.ExistingAsync(Api, Namespace);

        Assert.That((await Get(crd.Path.Replace("/v1/", "/v2/"))).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task Every_served_version_shows_the_same_objects()
    {
        var definition = JsonNode.Parse(CustomResource.Definition(Namespace, Any))!;
        var second = definition["spec"]!["versions"]![0]!.DeepClone();
        second["name"] = "v2";
        second["storage"] = false;
        definition["spec"]!["versions"]!.AsArray().Add(second);
        await Created(Definitions, definition.ToJsonString());
        await using var crd = await CustomResource.ExistingAsync(Api, Namespace);
        var first = await Created(crd.Path, crd.Object("a", """{"size":1}"""));

        var other = Answered(200, await Until($"{crd.Path.Replace("/v1/", "/v2/")}/a", reply => reply.Code == 200, "is served"));

        Assert.That(
            (other["apiVersion"], other["spec.size"], other["metadata.uid"]), Is.EqualTo(($"{crd.Group}/v2", "1", first["metadata.uid"])));
    }

    [Test]
    public async Task The_storage_version_of_a_stored_object_cannot_be_dropped()
    {
        await using var crd = await CustomResource.InstallAsync(Api, Namespace);

        var refused = await JsonPatch(crd.DefinitionPath, """[{"op":"replace","path":"/spec/versions/0/name","value":"v2"}]""");

        Assert.That(refused.Code, Is.EqualTo(422));
        Assert.That(refused.Message, Does.Contain("status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration"));
    }

    [TestCase("""{"spec":{"scope":"Cluster"}}""", "spec.scope: Invalid value: \"Cluster\": field is immutable", TestName = "The scope of an established definition cannot change")]
    [TestCase("""{"spec":{"names":{"kind":"Gadget"}}}""", "spec.names.kind: Invalid value: \"Gadget\": field is immutable", TestName = "The kind of an established definition cannot change")]
    [TestCase("""{"spec":{"group":"other.example.com"}}""", "spec.group: Invalid value: \"other.example.com\": field is immutable", TestName = "The group of a definition cannot change")]
    public async Task Changed(string patch, string message)
    {
        await using var crd = await CustomResource.InstallAsync(Api, Namespace);

        var reply = await MergePatch(crd.DefinitionPath, patch);

        Assert.That((reply.Code, reply.Message?.Contains(message)), Is.EqualTo((422, true)), reply.Text);
    }

    private async Task Refuses(string definition, params string[] parts)
    {
        var refused = await Post($"{Definitions}?dryRun=All", definition);
        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        foreach (var part in parts)
        {
            Assert.That(refused.Message, Does.Contain(part));
        }
    }

    private static string Without(string manifest, string path, params string[] names)
    {
        var root = JsonNode.Parse(manifest)!;
        foreach (var name in names)
        {
            Reply.At(root, path)!.AsObject().Remove(name);
        }

        return root.ToJsonString();
    }

    private static string? Condition(Reply reply, string type) => Reply.At(reply.Json, "status.conditions")?.AsArray()
        .Where(condition => condition!["type"]!.GetValue<string>() == type)
        .Select(condition => $"{condition!["status"]} {condition["reason"]} {condition["message"]}")
        .FirstOrDefault();
}
