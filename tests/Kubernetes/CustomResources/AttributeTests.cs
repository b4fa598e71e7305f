using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.CustomResources;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Tests.CustomResources;

/// <summary>Each attribute, as the API server reads it.</summary>
internal sealed class AttributeTests
{
    private readonly JsonNode _definition = JsonSerializer.SerializeToNode(
        new CustomResourceDefinitionFactory().Create([typeof(Gadget), typeof(GadgetV1), typeof(GadgetV1Alpha1)]), KubernetesJson.Options)!;

    private JsonNode Stored => _definition["spec"]!["versions"]![0]!;

    private JsonNode Spec => Stored["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;

    [Test]
    public void Names_scope_and_categories_are_those_of_the_stored_version() => Assert.Multiple(() =>
    {
        IsJson(_definition["spec"]!["names"], """
            {"kind":"Gadget","listKind":"GadgetList","plural":"gadgets","singular":"gadget","shortNames":["gd","gdt"],"categories":["things","all"]}
            """);
        Assert.That((string?)_definition["spec"]!["scope"], Is.EqualTo("Cluster"));
    });

    [Test]
    public void Versions_say_whether_they_are_served_stored_and_deprecated() => IsJson(
        new JsonArray([.. _definition["spec"]!["versions"]!.AsArray().Select(version => new JsonObject(version!.AsObject()
            .Where(member => member.Key is "name" or "served" or "storage" or "deprecated" or "deprecationWarning")
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))))]),
        """
        [{"name":"v2","served":true,"storage":true},
         {"name":"v1","served":true,"storage":false,"deprecated":true,"deprecationWarning":"use v2"},
         {"name":"v1alpha1","served":false,"storage":false,"deprecated":true}]
        """);

    [Test]
    public void Columns_are_those_of_the_kind_and_then_those_of_its_properties_at_any_depth() => IsJson(Stored["additionalPrinterColumns"], """
        [{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp","description":"How old it is.","format":"date-time"},
         {"name":"Color","type":"string","jsonPath":".spec.color"},
         {"name":"Size","type":"integer","jsonPath":".spec.replicas","priority":1},
         {"name":"Opened","type":"date","jsonPath":".spec.box.openedAt"}]
        """);

    [Test]
    public void Fields_can_be_selected() => IsJson(Stored["selectableFields"], """[{"jsonPath":".spec.color"},{"jsonPath":".spec.replicas"}]""");

    [Test]
    public void The_scale_subresource_has_its_three_paths() => IsJson(
        Stored["subresources"]!["scale"], """{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.replicas","labelSelectorPath":".status.selector"}""");

    [Test]
    public void A_rule_has_a_message_an_expression_for_it_a_reason_and_a_field() => IsJson(Spec["x-kubernetes-validations"], """
        [{"rule":"self.replicas > 0","message":"replicas must be positive","messageExpression":"'replicas is ' + string(self.replicas)",
          "fieldPath":".replicas","reason":"FieldValueForbidden"}]
        """);

    [TestCase("replicas", """{"type":"integer","format":"int32","minimum":0,"exclusiveMinimum":true,"maximum":10,"exclusiveMaximum":true,"multipleOf":2}""")]
    [TestCase("template", """{"type":"object","x-kubernetes-preserve-unknown-fields":true,"x-kubernetes-embedded-resource":true}""")]
    [TestCase("groups", """{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}}""", Description = "a map of lists")]
    [TestCase("times", """{"type":"array","items":{"type":"string","format":"date-time"}}""")]
    public void A_property_is_told(string name, string schema) => IsJson(Spec["properties"]![name], schema);

    [Test]
    public void A_map_is_replaced_as_a_whole_when_it_is_atomic() =>
        Assert.That((string?)Spec["properties"]!["reference"]!["x-kubernetes-map-type"], Is.EqualTo("atomic"));

    [Test]
    public void A_property_that_is_ignored_is_not_told() => Assert.That(Spec["properties"]!["cached"], Is.Null);

    [Test]
    public void Nothing_says_whether_it_is_nullable_for_tools_that_compare_would_see_a_difference() =>
        Assert.That(_definition.ToJsonString(), Does.Not.Contain("nullable"));

    [Test]
    public void Quantities_may_be_numbers_or_texts_and_are_read_as_texts()
    {
        var limits = Spec["properties"]!["resources"]!["properties"]!["limits"]!["additionalProperties"]!;
        Assert.That((bool?)limits["x-kubernetes-int-or-string"], Is.True);
        var pattern = new System.Text.RegularExpressions.Regex((string)limits["pattern"]!);
        Assert.That(new[] { "2", "500m", "1.5Gi", "1e3", "-1", ".5" }, Has.All.Matches<string>(text => pattern.IsMatch(text!)));
        Assert.That(new[] { "", "two", "1Kb", "1 Gi" }, Has.None.Matches<string>(text => pattern.IsMatch(text!)));

        var read = KubernetesJson.Deserialize<V1ResourceRequirements>("""{"limits":{"cpu":2,"memory":"1Gi","nvidia.com/gpu":1.5}}""");
        Assert.That(read.Limits, Is.EqualTo(new Dictionary<string, string> { ["cpu"] = "2", ["memory"] = "1Gi", ["nvidia.com/gpu"] = "1.5" }));
        Assert.That(KubernetesJson.Serialize(read), Is.EqualTo("""{"limits":{"cpu":"2","memory":"1Gi","nvidia.com/gpu":"1.5"}}"""));
    }

    [TestCase("""{"limits":{"cpu":[]}}""")]
    [TestCase("""{"limits":[]}""")]
    public void What_is_no_quantity_is_refused(string json) =>
        Assert.That(() => KubernetesJson.Deserialize<V1ResourceRequirements>(json), Throws.InstanceOf<JsonException>());

    [Test]
    public void Several_versions_need_one_that_is_stored() =>
        Assert.That(
            () => new CustomResourceDefinitionFactory().Create([typeof(GadgetV1), typeof(GadgetV1Alpha1)]),
            Throws.InvalidOperationException.With.Message.EqualTo("gadgets.example.com has 2 versions, of which 0 have [StorageVersion]; one must"));

    [TestCase(typeof(SelectsAList), ".spec.times")]
    [TestCase(typeof(SelectsNothing), ".spec.colour")]
    [TestCase(typeof(SelectsMetadata), ".metadata.name")]
    public void A_field_that_the_api_cannot_select_by_is_refused(Type type, string path) =>
        Assert.That(
            () => new CustomResourceDefinitionFactory().Create(type),
            Throws.InvalidOperationException.With.Message.EqualTo($"{type.Name} cannot be selected by {path}: it leads to no text, whole number or bool"));

    [Test]
    public void A_column_that_cannot_be_shown_is_refused() =>
        Assert.That(
            () => new CustomResourceDefinitionFactory().Create(typeof(ShowsAList)),
            Throws.InvalidOperationException.With.Message.EqualTo(".spec.names cannot be a column: it is no text, number, bool or time"));

    private static void IsJson(JsonNode? actual, string expected) =>
        Assert.That(JsonNode.DeepEquals(actual, JsonNode.Parse(expected)), Is.True, actual?.ToJsonString());

    [KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "One", PluralName = "ones")]
    [SelectableField(".spec.times")]
    private sealed class SelectsAList : CustomKubernetesEntity<GadgetSpec>;

    [KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Two", PluralName = "twos")]
    [SelectableField(".spec.colour")]
    private sealed class SelectsNothing : CustomKubernetesEntity<GadgetSpec>;

    [KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Three", PluralName = "threes")]
    [SelectableField(".metadata.name")]
    private sealed class SelectsMetadata : CustomKubernetesEntity<GadgetSpec>;

    [KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Four", PluralName = "fours")]
    private sealed class ShowsAList : CustomKubernetesEntity<ListSpec>;

    private sealed class ListSpec
    {
        [AdditionalPrinterColumn]
        public IList<string>? Names { get; set; }
    }
}
