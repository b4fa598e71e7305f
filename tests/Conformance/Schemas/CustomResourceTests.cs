using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Schemas;

/// <summary>Custom resources against their schema: validation, defaults, pruning, subresources, columns.</summary>
[TestFixture]
internal sealed class CustomResourceTests : ConformanceTest
{
    private const string Properties = """
        {"spec":{"type":"object","required":["size"],"properties":{
           "size":{"type":"integer","minimum":1,"maximum":10},
           "color":{"type":"string","enum":["red","green"],"default":"red"},
           "code":{"type":"string","pattern":"^[a-z]+$","minLength":2,"maxLength":4},
           "ratio":{"type":"number","exclusiveMinimum":true,"minimum":0,"multipleOf":0.5},
           "tags":{"type":"array","maxItems":2,"minItems":1,"items":{"type":"string"},"x-kubernetes-list-type":"set"},
           "parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
                    "items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"count":{"type":"integer","default":1}}}},
           "when":{"type":"string","format":"date-time"},
           "port":{"x-kubernetes-int-or-string":true},
           "maybe":{"type":"string","nullable":true},
           "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
           "nested":{"type":"object","default":{},"properties":{"depth":{"type":"integer","format":"int32","default":7}}},
           "choice":{"type":"object","maxProperties":1,"properties":{"a":{"type":"string"},"b":{"type":"string"}},
                     "oneOf":[{"required":["a"]},{"required":["b"]}]},
           "map":{"type":"object","additionalProperties":{"type":"integer"}}}},
         "status":{"type":"object","properties":{"ready":{"type":"integer"},"selector":{"type":"string"}}}}
        """;

    private const string Version = """
        "subresources":{"status":{},"scale":{"specReplicasPath":".spec.size","statusReplicasPath":".status.ready","labelSelectorPath":".status.selector"}},
        "selectableFields":[{"jsonPath":".spec.color"}],
        "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"},
                                    {"name":"Color","type":"string","jsonPath":".spec.color","priority":1,"description":"What it looks like"},
                                    {"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}]
        """;

    private CustomResource _crd = null!;

    [SetUp]
    public async Task Install() => _crd = await CustomResource.InstallAsync(Api, Namespace, Properties, Version);

    [TearDown]
    public async Task Remove() => await _crd.DisposeAsync();

    [TestCase("""{}""", "spec.size: Required value", TestName = "A missing required field")]
    [TestCase("""{"size":"big"}""", "spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"", TestName = "A string for an integer")]
    [TestCase("""{"size":0}""", "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1", TestName = "A number below the minimum")]
    [TestCase("""{"size":11}""", "spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10", TestName = "A number above the maximum")]
    [TestCase("""{"size":1.5}""", "spec.size: Invalid value: \"number\": spec.size in body must be of type integer: \"number\"", TestName = "A fraction for an integer")]
    [TestCase("""{"size":1,"color":"blue"}""", "spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\"", TestName = "A value outside the enumeration")]
    [TestCase("""{"size":1,"code":"ABC"}""", "spec.code: Invalid value: \"ABC\": spec.code in body should match '^[a-z]+$'", TestName = "A text that does not match")]
    [TestCase("""{"size":1,"code":"a"}""", "spec.code: Invalid value: \"a\": spec.code in body should be at least 2 chars long", TestName = "A text that is too short")]
    [TestCase("""{"size":1,"code":"abcde"}""", "spec.code: Too long: may not be more than 4 bytes", TestName = "A text that is too long")]
    [TestCase("""{"size":1,"ratio":0}""", "spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0", TestName = "A number at an exclusive minimum")]
    [TestCase("""{"size":1,"ratio":0.7}""", "spec.ratio: Invalid value: 0.7: spec.ratio in body should be a multiple of 0.5", TestName = "A number that is no multiple")]
    [TestCase("""{"size":1,"tags":["a","b","c"]}""", "spec.tags: Too many: 3: must have at most 2 items", TestName = "Too many items")]
    [TestCase("""{"size":1,"tags":[]}""", "spec.tags: Invalid value: 0: spec.tags in body should have at least 1 items", TestName = "Too few items")]
    [TestCase("""{"size":1,"tags":["a","a"]}""", "spec.tags[1]: Duplicate value: \"a\"", TestName = "A duplicate in a set")]
    [TestCase("""{"size":1,"parts":[{"name":"a"},{"name":"a"}]}""", "spec.parts[1]: Duplicate value: {\"name\":\"a\"}", TestName = "A duplicate key in a list of type map")]
    [TestCase("""{"size":1,"parts":[{"count":2}]}""", "spec.parts[0].name: Required value", TestName = "An element without its key")]
    [TestCase("""{"size":1,"tags":"a"}""", "spec.tags: Invalid value: \"string\": spec.tags in body must be of type array: \"string\"", TestName = "A string for a list")]
    [TestCase("""{"size":1,"tags":[1]}""", "spec.tags[0]: Invalid value: \"integer\": spec.tags[0] in body must be of type string: \"integer\"", TestName = "A number in a list of strings")]
    [TestCase("""{"size":1,"when":"noon"}""", "spec.when: Invalid value: \"noon\": spec.when in body must be of type date-time: \"noon\"", TestName = "A text that is no time")]
    [TestCase("""{"size":1,"map":{"a":"b"}}""", "spec.map.a: Invalid value: \"string\": spec.map.a in body must be of type integer: \"string\"", TestName = "A wrong value in a map")]
    [TestCase("""{"size":1,"choice":{"a":"1","b":"2"}}""", "spec.choice: Too many: 2: must have at most 1 item", TestName = "Too many properties")]
    [TestCase("""{"size":1,"choice":{}}""", "\"spec.choice\" must validate one and only one schema (oneOf). Found none valid", TestName = "None of the alternatives")]
    [TestCase("""{"size":null}""", "spec.size: Required value", TestName = "Null for a required field")]
    [TestCase("""{"size":1,"port":true}""", "spec.port: Invalid value: \"boolean\": spec.port in body must be of type integer,string: \"boolean\"", TestName = "A boolean for an integer or string")]
    public async Task Is_invalid(string spec, string error)
    {
        var refused = await Post(_crd.Path, _crd.Object("w", spec));

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        Assert.That(refused.Message, Does.StartWith($"Widget.{_crd.Group} \"w\" is invalid: ").And.Contain(error));
    }

    [Test]
    public async Task Defaults_are_set_and_stored()
    {
        await Created(_crd.Path, _crd.Object("w", """{"size":1,"parts":[{"name":"a"}]}"""));

        var found = await Get($"{_crd.Path}/w");

        Assert.That((found["spec.color"], found["spec.nested.depth"], found["spec.parts[0].count"]), Is.EqualTo(("red", "7", "1")));
    }

    [Test]
    public async Task Null_becomes_the_default_unless_nullable()
    {
        var created = await Created(_crd.Path, _crd.Object("w", """{"size":1,"color":null,"maybe":null}"""));

        Assert.That((created["spec.color"], created.Text.Contains("\"maybe\":null")), Is.EqualTo(("red", true)));
    }

    [Test]
    public async Task Unknown_fields_are_pruned_where_they_are_not_preserved()
    {
        var created = await Created(_crd.Path, _crd.Object("w", """{"size":1,"unknown":2,"free":{"any":{"thing":1}}}"""));

        Assert.That((created["spec.unknown"], created["spec.free.any.thing"]), Is.EqualTo(((string?)null, "1")));
        Assert.That(created.Warnings, Is.EqualTo(new[] { "unknown field \"spec.unknown\"" }));
    }

    [Test]
    public async Task Unknown_fields_are_refused_when_strict() => BadRequest(
        await Post($"{_crd.Path}?fieldValidation=Strict", _crd.Object("w", """{"size":1,"unknown":2}""")),
        $"Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: unknown field \"spec.unknown\"");

    [TestCase("8080")]
    [TestCase("\"http\"")]
    public async Task An_integer_or_string_is_either(string port) =>
        Assert.That((await Created(_crd.Path, _crd.Object("w", $$$$"""{"size":1,"port":{{{{port}}}}}""")))["spec.port"], Is.EqualTo(port.Trim('"')));

    [Test]
    public async Task An_update_needs_a_version()
    {
        await Created(_crd.Path, _crd.Object("w", """{"size":1}"""));

        Invalid(
            await Put($"{_crd.Path}/w", _crd.Object("w", """{"size":2}""")),
            $"widgets.{_crd.Group} \"w\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update");
    }

    [Test]
    public async Task The_generation_counts_changes_of_anything_but_metadata_and_status()
    {
        var created = await Created(_crd.Path, _crd.Object("w", """{"size":1}"""));
        var labelled = await MergePatch($"{_crd.Path}/w", """{"metadata":{"labels":{"a":"b"}}}""");
        var reported = await MergePatch($"{_crd.Path}/w/status", """{"status":{"ready":1}}""");
        var changed = await MergePatch($"{_crd.Path}/w", """{"spec":{"size":2}}""");

        Assert.That(
            (created["metadata.generation"], labelled["metadata.generation"], reported["metadata.generation"], changed["metadata.generation"]),
            Is.EqualTo(("1", "1", "1", "2")));
    }

    [Test]
    public async Task The_status_is_written_only_through_its_own_path()
    {
        var created = await Created(_crd.Path, _crd.Object("w", """{"size":1}""").With("status", """{"ready":5}"""));
        var patched = await MergePatch($"{_crd.Path}/w", """{"status":{"ready":5}}""");
        var reported = await MergePatch($"{_crd.Path}/w/status", """{"spec":{"size":9},"status":{"ready":3}}""");

        Assert.That((created["status"], patched["status"], reported["status.ready"], reported["spec.size"]), Is.EqualTo(((string?)null, (string?)null, "3", "1")));
    }

    [Test]
    public async Task The_status_is_validated() => Assert.That(
        (await StatusAsync("\"many\"")).Message,
        Does.Contain("status.ready: Invalid value: \"string\": ").And.Contain("ready in body must be of type integer: \"string\""));

    [Test]
    public async Task Scale_shows_and_sets_the_size()
    {
        await Created(_crd.Path, _crd.Object("w", """{"size":1}"""));
        await MergePatch($"{_crd.Path}/w/status", """{"status":{"ready":1,"selector":"app=w"}}""");

        var scale = Answered(200, await Get($"{_crd.Path}/w/scale"));
        Assert.That(
            (scale["kind"], scale["apiVersion"], scale["spec.replicas"], scale["status.replicas"], scale["status.selector"]),
            Is.EqualTo(("Scale", "autoscaling/v1", "1", "1", "app=w")));

        Answered(200, await MergePatch($"{_crd.Path}/w/scale", """{"spec":{"replicas":4}}"""));
        Assert.That((await Get($"{_crd.Path}/w"))["spec.size"], Is.EqualTo("4"));
    }

    [Test]
    public async Task Scaling_is_validated_by_the_schema()
    {
        await Created(_crd.Path, _crd.Object("w", """{"size":1}"""));

        Assert.That((await MergePatch($"{_crd.Path}/w/scale", """{"spec":{"replicas":99}}""")).Code, Is.EqualTo(422));
    }

    [Test]
    public async Task A_selectable_field_selects()
    {
        await Created(_crd.Path, _crd.Object("a", """{"size":1,"color":"red"}"""));
        await Created(_crd.Path, _crd.Object("b", """{"size":1,"color":"green"}"""));

        Assert.That((await Get($"{_crd.Path}?fieldSelector=spec.color%3Dgreen")).Items, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task A_table_has_the_definitions_columns()
    {
        await Created(_crd.Path, _crd.Object("w", """{"size":3}"""));

        var table = await Get(_crd.Path, "application/json;as=Table;v=v1;g=meta.k8s.io");

        Assert.That(
            Enumerable.Range(0, 4).Select(i => table[$"columnDefinitions[{i}].name"]), Is.EqualTo(new[] { "Name", "Size", "Color", "Age" }));
        Assert.That((table["columnDefinitions[2].priority"], table["columnDefinitions[2].description"]), Is.EqualTo(("1", "What it looks like")));
        Assert.That((table["rows[0].cells[0]"], table["rows[0].cells[1]"], table["rows[0].cells[2]"]), Is.EqualTo(("w", "3", "red")));
        Assert.That(table["rows[0].cells[3]"], Does.Match(@"^\d+s$"));
    }

    [Test]
    public async Task Keyed_lists_are_applied_by_key()
    {
        await Apply($"{_crd.Path}/w", _crd.Object("w", """{"size":1,"parts":[{"name":"a"}]}"""), "one");

        var both = Answered(200, await Apply($"{_crd.Path}/w", _crd.Object("w", """{"parts":[{"name":"b","count":2}]}"""), "two"));

        Assert.That((both["spec.parts[0].name"], both["spec.parts[1].name"]), Is.EqualTo(("a", "b")));
    }

    [Test]
    public async Task A_body_of_another_kind_is_invalid() => Invalid(
        await Post(_crd.Path, _crd.Object("w", """{"size":1}""").Replace("\"Widget\"", "\"Gadget\"")),
        $"Gadget.{_crd.Group} \"w\" is invalid: kind: Invalid value: \"Gadget\": must be Widget");

    [Test]
    public async Task A_body_without_a_kind_is_refused()
    {
        var refused = await Post(_crd.Path, """{"metadata":{"name":"w"},"spec":{"size":1}}""");

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((400, "BadRequest")));
        Assert.That(refused.Message, Does.Contain("Object 'Kind' is missing in"));
    }

    private async Task<Reply> StatusAsync(string ready)
    {
        await Created(_crd.Path, _crd.Object("w", """{"size":1}"""));
        return await MergePatch($"{_crd.Path}/w/status", $$$$"""{"status":{"ready":{{{{ready}}}}}}""");
    }
}
