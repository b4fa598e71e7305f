using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Patching;

/// <summary>RFC 7386.</summary>
[TestFixture]
internal sealed class MergePatchTests : ConformanceTest
{
    [TestCase("""{"data":{"b":"2"}}""", """{"a":"1","b":"2"}""", TestName = "A merge patch adds")]
    [TestCase("""{"data":{"a":"2"}}""", """{"a":"2"}""", TestName = "A merge patch replaces")]
    [TestCase("""{"data":{"a":null,"b":"2"}}""", """{"b":"2"}""", TestName = "A merge patch removes by null")]
    [TestCase("""{"data":null}""", null, TestName = "A merge patch removes a whole map by null")]
    [TestCase("""{}""", """{"a":"1"}""", TestName = "An empty merge patch changes nothing")]
    public async Task Merged(string patch, string? data)
    {
        await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        Assert.That(Answered(200, await MergePatch("configmaps/cm", patch))["data"], Is.EqualTo(data));
    }

    [Test]
    public async Task Lists_are_replaced_whole()
    {
        await Created("deployments", Manifests.Deployment("web"));

        var patched = await MergePatch("deployments/web", """{"spec":{"template":{"spec":{"containers":[{"name":"other","image":"example.com/other:1"}]}}}}""");

        Assert.That((patched["spec.template.spec.containers[0].name"], patched["spec.template.spec.containers[1]"]), Is.EqualTo(("other", (string?)null)));
    }

    [Test]
    public async Task A_patch_that_is_no_json_is_refused()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        var refused = await MergePatch("configmaps/cm", "{nonsense");

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((400, "BadRequest")));
        Assert.That(refused.Message, Does.StartWith("error decoding patch: "));
    }

    [Test]
    public async Task A_patch_of_a_wrong_type_is_refused()
    {
        await Created("deployments", Manifests.Deployment("web"));

        var refused = await MergePatch("deployments/web", """{"spec":{"replicas":"many"}}""");

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        Assert.That(refused.Message, Does.StartWith(" \"\" is invalid: patch: Invalid value: \"{").And.Contain("cannot unmarshal string into Go"));
    }

    [Test]
    public async Task A_patch_of_an_unknown_type_is_not_understood()
    {
        var refused = await Send(HttpMethod.Patch, "configmaps/cm", "{}", "application/json");

        Refused(
            refused,
            System.Net.HttpStatusCode.UnsupportedMediaType,
            "UnsupportedMediaType",
            "415: Unsupported Media Type");
    }

    [Test]
    public async Task A_patch_cannot_change_who_the_object_is()
    {
        await Created("configmaps", Manifests.ConfigMap("cm"));

        Assert.That((await MergePatch("configmaps/cm", """{"metadata":{"namespace":"default"}}""")).Code, Is.EqualTo(400));
    }
}
