using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.CustomResources;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

internal sealed class CustomResourceDefinitionTests
{
    private readonly V1CustomResourceDefinition _definition = new CustomResourceDefinitionFactory().Create(typeof(Widget));

    private JsonObject Schema => _definition.Spec!.Versions.Single().Schema!.OpenAPIV3Schema!;

    [Test]
    public void Names_scope_and_subresources_come_from_the_attributes()
    {
        var version = _definition.Spec!.Versions.Single();
        Assert.Multiple(() =>
        {
            Assert.That(_definition.Name(), Is.EqualTo("widgets.example.com"));
            Assert.That(_definition.Spec.Scope, Is.EqualTo("Namespaced"));
            Assert.That(_definition.Spec.Names!.ShortNames, Is.EqualTo(new[] { "wd" }));
            Assert.That(_definition.Spec.Names.Singular, Is.EqualTo("widget"));
            Assert.That(version.Subresources!.Status, Is.Not.Null);
            Assert.That(version.Subresources.Scale!.SpecReplicasPath, Is.EqualTo(".spec.count"));
            Assert.That(version.AdditionalPrinterColumns!.Single().Priority, Is.EqualTo(1));
        });
    }

    [TestCase("count", """{"description":"How many; see names.","type":"integer","format":"int64","minimum":1,"maximum":2.5,"default":1}""")]
    [TestCase("names", """{"type":"array","items":{"type":"string","pattern":"^a+$","maxLength":10},"maxItems":3,"x-kubernetes-list-type":"set"}""")]
    [TestCase("ports", """{"type":"object","additionalProperties":{"type":"integer","format":"int32"},"maxProperties":5}""")]
    [TestCase("port", """{"description":"A number, or a text such as a port's name or 25%.","anyOf":[{"type":"integer"},{"type":"string"}],"x-kubernetes-int-or-string":true}""")]
    [TestCase("at", """{"type":"string","format":"date-time"}""")]
    [TestCase("ratio", """{"type":"number","format":"double"}""")]
    [TestCase("opaque", """{"description":"A variable of a container's environment.","type":"object","x-kubernetes-preserve-unknown-fields":true}""")]
    [TestCase("choice", """{"type":"string","enum":["A","B"]}""")]
    public void A_property_is_told_with_its_type_bounds_and_description(string name, string schema)
    {
        var actual = Schema["properties"]!["spec"]!["properties"]![name];

        Assert.That(JsonNode.DeepEquals(actual, JsonNode.Parse(schema)), Is.True, actual?.ToJsonString());
    }

    [Test]
    public void Required_fields_and_rules_are_told_where_they_hold()
    {
        var spec = Schema["properties"]!["spec"]!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)Schema["description"], Is.EqualTo("A thing made for tests."));
            Assert.That(Schema["required"]!.ToJsonString(), Is.EqualTo("""["spec"]"""));
            Assert.That(spec["required"]!.ToJsonString(), Is.EqualTo("""["count"]"""));
            Assert.That((string?)spec["x-kubernetes-validations"]![0]!["fieldPath"], Is.EqualTo(".count"));
            Assert.That((string?)spec["x-kubernetes-validations"]![0]!["message"], Is.EqualTo("count must be positive"));
        });
    }

    [Test]
    public void The_keys_of_a_list_that_is_a_map_are_required() =>
        Assert.That(
            Schema["properties"]!["spec"]!["properties"]!["env"]!["items"]!["required"]!.ToJsonString(), Is.EqualTo("""["name"]"""));

    [Test]
    public void Conditions_have_the_schema_of_the_field()
    {
        var conditions = Schema["properties"]!["status"]!["properties"]!["conditions"]!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)conditions["x-kubernetes-list-type"], Is.EqualTo("map"));
            Assert.That(conditions["x-kubernetes-list-map-keys"]!.ToJsonString(), Is.EqualTo("""["type"]"""));
            Assert.That(
                conditions["items"]!["required"]!.ToJsonString(), Is.EqualTo("""["type","status","lastTransitionTime","reason","message"]"""));
        });
    }

    [Test]
    public void A_type_without_an_end_is_refused() =>
        Assert.That(
            () => new SchemaGenerator(new XmlDocumentation()).OfObject(typeof(Endless)),
            Throws.InvalidOperationException.With.Message.Contains("Endless contains itself"));

    private sealed class Endless
    {
        public IList<Endless>? Children { get; set; }
    }
}
