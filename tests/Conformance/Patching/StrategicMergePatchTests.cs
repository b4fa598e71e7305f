using System.Text.Json.Nodes;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Patching;

/// <summary>The patch that knows merge keys and directives.</summary>
[TestFixture]
internal sealed class StrategicMergePatchTests : ConformanceTest
{
    private const string Containers = "spec.template.spec.containers";

    [Test]
    public async Task Containers_merge_by_name()
    {
        await CreateAsync();

        var patched = await PatchPodAsync("""{"containers":[{"name":"main","image":"example.com/none:2"}]}""");

        Assert.That((patched[$"{Containers}[0].image"], patched[$"{Containers}[1].image"]), Is.EqualTo(("example.com/none:2", "example.com/side:1")));
        Assert.That(patched[$"{Containers}[0].env[0].name"], Is.EqualTo("A"), "what the patch does not name stays");
    }

    [Test]
    public async Task New_elements_of_a_merged_list_come_first()
    {
        await CreateAsync();

        var patched = await PatchPodAsync("""{"containers":[{"name":"new","image":"example.com/new:1"}]}""");

        Assert.That(Names(patched, Containers), Is.EqualTo(new[] { "new", "main", "side" }));
    }

    [Test]
    public async Task An_element_is_deleted_by_directive()
    {
        await CreateAsync();

        var patched = await PatchPodAsync("""{"containers":[{"name":"side","$patch":"delete"}]}""");

        Assert.That(Names(patched, Containers), Is.EqualTo(new[] { "main" }));
    }

    [Test]
    public async Task A_list_is_replaced_by_directive()
    {
        await CreateAsync();

        var patched = await PatchPodAsync("""{"containers":[{"$patch":"replace"},{"name":"only","image":"example.com/only:1"}]}""");

        Assert.That(Names(patched, Containers), Is.EqualTo(new[] { "only" }));
    }

    [Test]
    public async Task A_map_is_replaced_by_directive()
    {
        await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        var patched = await StrategicPatch("configmaps/cm", """{"data":{"$patch":"replace","b":"2"}}""");

        Assert.That(patched["data"], Is.EqualTo("""{"b":"2"}"""));
    }

    [Test]
    public async Task Fields_not_retained_are_dropped()
    {
        await Created("deployments", Manifests.Deployment("web").With("spec.strategy", """{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}"""));

        var patched = await StrategicPatch("deployments/web", """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""");

        Assert.That(patched["spec.strategy"], Is.EqualTo("""{"type":"Recreate"}"""));
    }

    [Test]
    public async Task The_order_of_elements_can_be_set()
    {
        await CreateAsync();

        var patched = await PatchPodAsync("""{"$setElementOrder/containers":[{"name":"side"},{"name":"main"}],"containers":[{"name":"main","image":"example.com/none:2"}]}""");

        Assert.That(Names(patched, Containers), Is.EqualTo(new[] { "side", "main" }));
    }

    [Test]
    public async Task Values_are_deleted_from_a_set_by_directive()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","finalizers":["a.b/1","a.b/2","a.b/3"]}}""");

        var patched = await StrategicPatch("configmaps/cm", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a.b/2"]}}""");

        Assert.That(patched["metadata.finalizers"], Is.EqualTo("""["a.b/1","a.b/3"]"""));
        await StrategicPatch("configmaps/cm", """{"metadata":{"finalizers":null}}""");
    }

    [Test]
    public async Task Finalizers_merge_as_a_set()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","finalizers":["a.b/1"]}}""");

        var patched = await StrategicPatch("configmaps/cm", """{"metadata":{"finalizers":["a.b/2","a.b/1"]}}""");

        Assert.That(((JsonArray)Reply.At(patched.Json, "metadata.finalizers")!).Select(item => item!.GetValue<string>()), Is.EquivalentTo(new[] { "a.b/1", "a.b/2" }));
        await MergePatch("configmaps/cm", """{"metadata":{"finalizers":null}}""");
    }

    [Test]
    public async Task Args_are_replaced_whole()
    {
        await CreateAsync();

        var patched = await PatchPodAsync("""{"containers":[{"name":"main","args":["x"]}]}""");

        Assert.That(patched[$"{Containers}[0].args"], Is.EqualTo("""["x"]"""));
    }

    [Test]
    public async Task Environment_and_ports_merge_by_their_keys()
    {
        await CreateAsync();

        var patched = await PatchPodAsync("""{"containers":[{"name":"main","env":[{"name":"B","value":"2"}],"ports":[{"containerPort":80,"name":"web"}]}]}""");

        Assert.That(Names(patched, $"{Containers}[0].env"), Is.EquivalentTo(new[] { "A", "B" }));
        Assert.That((patched[$"{Containers}[0].ports[0].name"], patched[$"{Containers}[0].ports[1]"]), Is.EqualTo(("web", (string?)null)));
    }

    [Test]
    public async Task Ports_of_a_service_merge_by_number()
    {
        await Created("services", Manifests.Service("web"));

        var patched = await StrategicPatch("services/web", """{"spec":{"ports":[{"port":80,"targetPort":8080},{"port":81,"name":"more"}]}}""");

        Assert.That((patched["spec.ports[0].port"], patched["spec.ports[1].name"], patched["spec.ports[1].targetPort"]), Is.EqualTo(("80", "more", "81")));
        Assert.That((patched["spec.ports[0].name"], patched["spec.ports[0].targetPort"]), Is.EqualTo(("http", "8080")));
    }

    [Test]
    public async Task Owner_references_merge_by_uid()
    {
        var (a, b) = (await Created("configmaps", Manifests.ConfigMap("a")), await Created("configmaps", Manifests.ConfigMap("b")));
        await Created("configmaps", $$$$"""{"metadata":{"name":"cm","ownerReferences":[{{{{Reference(a)}}}}]}}""");

        var patched = await StrategicPatch("configmaps/cm", $$$$"""{"metadata":{"ownerReferences":[{{{{Reference(b)}}}}]}}""");

        Assert.That(Names(patched, "metadata.ownerReferences"), Is.EquivalentTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task An_element_without_its_merge_key_is_refused()
    {
        await CreateAsync();

        var refused = await PatchPodAsync("""{"containers":[{"image":"example.com/none:2"}]}""");

        Assert.That(refused.Code, Is.EqualTo(400).Or.EqualTo(500), refused.Text);
        Assert.That(refused.Message, Does.Contain("does not contain declared merge key: name"));
    }

    [Test]
    public async Task A_directive_that_is_none_is_refused()
    {
        await CreateAsync();

        var refused = await PatchPodAsync("""{"$patch":"upend"}""");

        Assert.That(refused.Message, Does.Contain("upend"));
        Assert.That(refused.Code, Is.EqualTo(400).Or.EqualTo(500));
    }

    [Test]
    public async Task Custom_resources_do_not_take_it()
    {
        await using var crd = await CustomResource.InstallAsync(Api, Namespace);
        await Created(crd.Path, crd.Object("a", "{}"));

        Refused(
            await StrategicPatch($"{crd.Path}/a", """{"spec":{"a":1}}"""),
            System.Net.HttpStatusCode.UnsupportedMediaType,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
            + "application/merge-patch+json, application/apply-patch+yaml");
    }

    private Task<Reply> CreateAsync() => Created(
        "deployments",
        Manifests.Deployment("web").With(Containers, """
            [{"name":"main","image":"example.com/none:1","args":["a","b"],"env":[{"name":"A","value":"1"}],"ports":[{"containerPort":80}]},
             {"name":"side","image":"example.com/side:1"}]
            """));

    private Task<Reply> PatchPodAsync(string spec) => StrategicPatch("deployments/web", $$$$"""{"spec":{"template":{"spec":{{{{spec}}}}}}}""");

    private static string Reference(Reply owner) =>
        $$$$"""{"apiVersion":"v1","kind":"ConfigMap","name":"{{{{owner.Name}}}}","uid":"{{{{owner["metadata.uid"]}}}}"}""";

    private static IEnumerable<string> Names(Reply reply, string path) =>
        ((JsonArray)Reply.At(reply.Json, path)!).Select(item => item!["name"]!.GetValue<string>());
}
