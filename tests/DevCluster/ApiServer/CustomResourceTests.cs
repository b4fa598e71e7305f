namespace ModelOperator.DevCluster.Tests.ApiServer;

[TestFixture]
internal sealed class CustomResourceTests : ClusterTests
{
    private const string Definition = """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.example.com"},
         "spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget","shortNames":["wd"]},
          "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
           "additionalPrinterColumns":[{"name":"Parts","type":"string","jsonPath":".spec.parts[*].name"},
            {"name":"Size","type":"string","jsonPath":".spec.size","priority":1}],
           "schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
            "spec":{"type":"object","required":["size"],
             "x-kubernetes-validations":[{"rule":"self.size != 'large' || self.replicas > 1","message":"large needs more than one"}],
             "properties":{
              "size":{"type":"string","enum":["small","large"]},
              "replicas":{"type":"integer","minimum":0,"default":1},
              "name":{"type":"string","pattern":"^[a-z]+$","maxLength":5},
              "parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
               "items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"count":{"type":"integer","default":3}}}}}},
            "status":{"type":"object","properties":{"ready":{"type":"boolean"}}}}}}}]}}
        """;

    private string Widgets => $"/apis/example.com/v1/namespaces/{Namespace}/widgets";

    [OneTimeSetUp]
    public async Task DefineWidgets()
    {
        var created = await Cluster.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Definition);
        Assert.That(created.Code, Is.EqualTo(201), created.Text);
    }

    [Test]
    public async Task A_definition_is_established_and_served_when_its_creation_returns()
    {
        var definition = await Cluster.GetAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com");
        var discovery = await Cluster.GetAsync("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");

        Assert.That(definition.Json!["status"]!["conditions"]!.AsArray().Select(condition => $"{condition!["type"]}={condition["status"]}"),
            Is.EquivalentTo((string[])["NamesAccepted=True", "Established=True"]));
        Assert.That(discovery.Text, Does.Contain("\"resource\":\"widgets\""));
        Assert.That((await Cluster.GetAsync(Widgets)).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task Defaults_are_filled_in_and_unknown_fields_pruned()
    {
        var created = await Cluster.PostAsync(Widgets, Widget("""{"size":"small","foo":1,"parts":[{"name":"a"}]}"""));

        Assert.That(created.At("spec", "replicas")!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(created.Json!["spec"]!["parts"]![0]!["count"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(created.At("spec", "foo"), Is.Null);
    }

    [TestCase("""{"size":"small","replicas":-1}""", "spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0")]
    [TestCase("""{"size":"x"}""", "spec.size: Unsupported value: \"x\": supported values: \"small\", \"large\"")]
    [TestCase("{}", "spec.size: Required value")]
    [TestCase("""{"size":"small","replicas":"q"}""", "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"")]
    [TestCase("""{"size":"small","name":"A"}""", "spec.name: Invalid value: \"A\": spec.name in body should match '^[a-z]+$'")]
    [TestCase("""{"size":"small","name":"abcdef"}""", "spec.name: Too long: may not be more than 5 bytes")]
    [TestCase("""{"size":"small","parts":[{"name":"a"},{"name":"a"}]}""", "spec.parts[1]: Duplicate value: {\"name\":\"a\"}")]
    [TestCase("""{"size":"large"}""", "spec: Invalid value: large needs more than one")]
    public async Task An_invalid_object_is_refused_in_the_words_of_Kubernetes(string spec, string expected)
    {
        var answer = await Cluster.PostAsync(Widgets, Widget(spec));

        Assert.That((answer.Code, answer.Reason), Is.EqualTo((422, "Invalid")));
        Assert.That(answer.Message, Is.EqualTo($"Widget.example.com \"w\" is invalid: {expected}"));
        Assert.That(answer.Json!["details"]!["causes"]![0]!["field"]!.GetValue<string>(), Is.EqualTo(expected[..expected.IndexOf(':')]));
    }

    [Test]
    public async Task Strict_field_validation_names_the_unknown_field()
    {
        var answer = await Cluster.PostAsync($"{Widgets}?fieldValidation=Strict", Widget("""{"size":"small","foo":1}"""));

        Assert.That(answer.Message, Is.EqualTo(
            "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: unknown field \"spec.foo\""));
    }

    [Test]
    public async Task Printer_columns_fill_the_table()
    {
        await Cluster.PostAsync(Widgets, Widget("""{"size":"small","parts":[{"name":"a"},{"name":"b"}]}"""));

        var table = await Cluster.GetAsync(Widgets, "application/json;as=Table;v=v1;g=meta.k8s.io");

        Assert.That(table.Json!["rows"]![0]!["cells"]!.ToJsonString(), Is.EqualTo("""["w","a,b","small"]"""));
        Assert.That(table.Json["columnDefinitions"]![2]!["priority"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_custom_resource_takes_no_strategic_merge_patch()
    {
        await Cluster.PostAsync(Widgets, Widget("""{"size":"small"}"""));

        var answer = await Cluster.SendAsync(HttpMethod.Patch, $"{Widgets}/w", "{}", "application/strategic-merge-patch+json");

        Assert.That(answer.Code, Is.EqualTo(415));
    }

    [Test]
    public async Task A_deleted_definition_is_served_no_more_and_ends_its_watches()
    {
        var other = Definition.Replace("widget", "gadget").Replace("Widget", "Gadget").Replace("\"wd\"", "\"gd\"");
        await Cluster.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", other);
        using var watch = await Cluster.WatchAsync("/apis/example.com/v1/gadgets");

        await Cluster.DeleteAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.example.com");

        Assert.That(await watch.NextAsync(), Is.Null);
        Assert.That((await Cluster.GetAsync("/apis/example.com/v1/gadgets")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_deleted_definition_first_deletes_its_objects_and_waits_for_their_finalizers()
    {
        const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        var other = Definition.Replace("widget", "thing").Replace("Widget", "Thing").Replace("\"wd\"", "\"th\"");
        await Cluster.PostAsync(Definitions, other);
        var things = Widgets.Replace("widgets", "things");
        await Cluster.PostAsync(things, Widget("""{"size":"small"}""").Replace("Widget", "Thing").Replace("\"name\":\"w\"", "\"name\":\"w\",\"finalizers\":[\"example.com/x\"]"));
        using var watch = await Cluster.WatchAsync(things);
        Assert.That(await watch.NextLineAsync(), Is.EqualTo("ADDED w"));

        await Cluster.DeleteAsync($"{Definitions}/things.example.com");

        Assert.That(await watch.NextLineAsync(), Is.EqualTo("MODIFIED w"));
        var definition = await Cluster.GetAsync($"{Definitions}/things.example.com");
        Assert.That(definition.Json!["status"]!["conditions"]!.AsArray().Select(condition => $"{condition!["type"]}={condition["status"]}"), Does.Contain("Terminating=True"));
        var refused = await Cluster.PostAsync(things, Widget("""{"size":"small"}""").Replace("Widget", "Thing").Replace("\"w\"", "\"late\""));
        Assert.That((refused.Code, refused.Message), Is.EqualTo((405, "create not allowed while custom resource definition is terminating")));
        await Cluster.MergeAsync($"{things}/w", """{"metadata":{"finalizers":null}}""");
        Assert.That(await watch.NextLineAsync(), Is.EqualTo("DELETED w"));
        Assert.That((await Cluster.GetAsync($"{Definitions}/things.example.com")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_deprecated_version_warns_and_selectable_fields_select()
    {
        var other = Definition.Replace("widget", "relic").Replace("Widget", "Relic").Replace("\"wd\"", "\"re\"")
            .Replace("\"storage\":true,", "\"storage\":true,\"deprecated\":true,\"selectableFields\":[{\"jsonPath\":\".spec.size\"}],");
        await Cluster.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", other);
        var relics = Widgets.Replace("widgets", "relics");
        await Cluster.PostAsync(relics, Widget("""{"size":"small"}""").Replace("Widget", "Relic"));

        var small = await Cluster.GetAsync($"{relics}?fieldSelector=spec.size%3Dsmall");
        var large = await Cluster.GetAsync($"{relics}?fieldSelector=spec.size%3Dlarge");

        Assert.That((small.Json!["items"]!.AsArray().Count, large.Json!["items"]!.AsArray().Count), Is.EqualTo((1, 0)));
        Assert.That(small.Warnings.Single(), Does.Contain("example.com/v1 Relic is deprecated"));
    }

    private static string Widget(string spec) => $$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{{spec}} }""";
}
