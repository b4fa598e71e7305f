using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Patching;

/// <summary>RFC 6902 as the API server does it.</summary>
[TestFixture]
internal sealed class JsonPatchTests : ConformanceTest
{
    [TestCase("""{"op":"add","path":"/data/c","value":"3"}""", """{"a":"1","b":"2","c":"3"}""", TestName = "A JSON patch adds a field")]
    [TestCase("""{"op":"replace","path":"/data/a","value":"9"}""", """{"a":"9","b":"2"}""", TestName = "A JSON patch replaces a field")]
    [TestCase("""{"op":"replace","path":"/data/c","value":"3"}""", """{"a":"1","b":"2","c":"3"}""", TestName = "A JSON patch may replace a field that is not there")]
    [TestCase("""{"op":"remove","path":"/data/a"}""", """{"b":"2"}""", TestName = "A JSON patch removes a field")]
    [TestCase("""{"op":"move","from":"/data/a","path":"/data/z"}""", """{"b":"2","z":"1"}""", TestName = "A JSON patch moves a field")]
    [TestCase("""{"op":"copy","from":"/data/a","path":"/data/z"}""", """{"a":"1","b":"2","z":"1"}""", TestName = "A JSON patch copies a field")]
    [TestCase("""{"op":"test","path":"/data/a","value":"1"}""", """{"a":"1","b":"2"}""", TestName = "A JSON patch may test only")]
    [TestCase("""{"op":"add","path":"/data/x~1y~0z","value":"3"}""", null, TestName = "A JSON patch escapes slash and tilde")]
    public async Task Patched(string operation, string? data)
    {
        await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1","b":"2"}"""));

        var patched = await JsonPatch("configmaps/cm", $"[{operation}]");

        if (data is null)
        {
            // The key is not one that a ConfigMap may have: the escapes were understood.
            Assert.That((patched.Code, patched.Message), Is.EqualTo((422,
                "ConfigMap \"cm\" is invalid: data[x/y~z]: Invalid value: \"x/y~z\": a valid config key must consist of alphanumeric characters, "
                + "'-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")));
            return;
        }

        Assert.That((patched.Code, patched["data"]), Is.EqualTo((200, data)));
    }

    [Test]
    public async Task A_failed_test_is_invalid_and_changes_nothing()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        var refused = await JsonPatch("configmaps/cm", """[{"op":"add","path":"/data/b","value":"2"},{"op":"test","path":"/data/a","value":"2"}]""");

        Invalid(refused, "the server rejected our request due to an error in our request");
        Assert.That((await Get("configmaps/cm")).Version, Is.EqualTo(created.Version));
    }

    [Test]
    public async Task Operations_on_lists_go_by_index()
    {
        await Created("configmaps", """{"metadata":{"name":"cm","finalizers":["a.b/1","a.b/2"]}}""");

        var inserted = await JsonPatch("configmaps/cm", """[{"op":"add","path":"/metadata/finalizers/1","value":"a.b/x"},{"op":"add","path":"/metadata/finalizers/-","value":"a.b/3"}]""");

        Assert.That(inserted["metadata.finalizers"], Is.EqualTo("""["a.b/1","a.b/x","a.b/2","a.b/3"]"""));
        Answered(200, await JsonPatch("configmaps/cm", """[{"op":"remove","path":"/metadata/finalizers"}]"""));
    }

    [TestCase("""[{"op":"remove","path":"/data/nothing"}]""", TestName = "A JSON patch that removes what is not there is invalid")]
    [TestCase("""[{"op":"add","path":"/nothing/here","value":"1"}]""", TestName = "A JSON patch into what is not there is invalid")]
    public async Task Impossible(string patch)
    {
        await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        var refused = await JsonPatch("configmaps/cm", patch);

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")));
        Assert.That(refused.Message, Does.StartWith("the server rejected our request due to an error in our request"));
    }

    [Test]
    public async Task An_unknown_operation_is_refused()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        var refused = await JsonPatch("configmaps/cm", """[{"op":"frobnicate","path":"/data","value":"1"}]""");

        Assert.That((refused.Code, refused.Reason, refused.Message), Is.EqualTo((422, "Invalid",
            "the server rejected our request due to an error in our request")));
    }

    [Test]
    public async Task A_patch_that_is_no_list_is_refused()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        var refused = await JsonPatch("configmaps/cm", """{"data":{"a":"1"}}""");

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((400, "BadRequest")));
        Assert.That(refused.Message, Does.StartWith("error decoding patch: json: cannot unmarshal object into Go value of type"));
    }

    [Test]
    public async Task A_patch_of_what_is_not_there_is_not_found() =>
        NotFound(await JsonPatch("configmaps/cm", """[{"op":"add","path":"/data","value":{}}]"""), "configmaps \"cm\" not found");

    [Test]
    public async Task The_result_is_validated()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        BadRequest(
            await JsonPatch("configmaps/cm", """[{"op":"replace","path":"/metadata/name","value":"other"}]"""),
            "the name of the object (other) does not match the name on the URL (cm)");
    }
}
