using System.Text;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Protocol;

/// <summary>Requests that no well-behaved client sends. The server answers each with a Status and stays up.</summary>
[TestFixture]
internal sealed class BadInputTests : ConformanceTest
{
    [TearDown]
    public async Task The_server_is_still_there() => Answered(200, await Get("/livez"));

    [TestCase("{", "unexpected end of JSON input", TestName = "A body that ends too early")]
    [TestCase("{\"a\" 1}", "couldn't get version/kind; json parse error: ", TestName = "A body that lacks a colon")]
    [TestCase("[]", "couldn't get version/kind; json parse error: json: cannot unmarshal", TestName = "A list for a body")]
    [TestCase("\"text\"", "couldn't get version/kind; json parse error: json: cannot unmarshal", TestName = "A string for a body")]
    public async Task Malformed(string body, string message)
    {
        var reply = await Post("configmaps", body);

        Assert.That((reply.Code, reply.Reason), Is.EqualTo((400, "BadRequest")), reply.Text);
        Assert.That(reply.Message, Does.Contain(message));
    }

    [Test]
    public async Task An_empty_body_is_refused()
    {
        var reply = await Post("configmaps", "");

        Assert.That(reply.Code, Is.EqualTo(400).Or.EqualTo(422), reply.Text);
        Assert.That(reply["status"], Is.EqualTo("Failure"));
    }

    [Test]
    public async Task A_body_above_3_MiB_is_too_large()
    {
        var reply = await Post("configmaps", Manifests.ConfigMap("cm", $$$$"""{"a":"{{{{new string('x', 3 * 1024 * 1024)}}}}"}"""));

        Refused(reply, System.Net.HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");
    }

    [Test]
    public async Task A_body_without_a_length_is_bounded_too()
    {
        using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(Manifests.ConfigMap("cm", $$$$"""{"a":"{{{{new string('x', 3 * 1024 * 1024)}}}}"}"""))));
        using var request = new HttpRequestMessage(HttpMethod.Post, PathOf("configmaps")) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        content.Headers.ContentType = new("application/json");

        Assert.That((await Api.SendAsync(request)).Code, Is.EqualTo(413));
    }

    [Test]
    public async Task A_config_map_above_1_MiB_is_too_long() => Invalid(
        await Post("configmaps", Manifests.ConfigMap("cm", $$$$"""{"a":"{{{{new string('x', 1024 * 1024)}}}}","b":"x"}""")),
        "ConfigMap \"cm\" is invalid: []: Too long: may not be more than 1048576 bytes");

    [Test]
    public async Task A_deeply_nested_body_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 20_000)) + "1" + new string('}', 20_000);

        var reply = await Post("configmaps", Manifests.ConfigMap("cm").Replace("\"data\":{}", $"\"data\":{deep}"));

        Assert.That((reply.Code, reply["status"]), Is.EqualTo((400, "Failure")), reply.Text[..Math.Min(500, reply.Text.Length)]);
    }

    [TestCase("PUT", "configmaps", TestName = "A collection cannot be put")]
    [TestCase("PATCH", "configmaps", TestName = "A collection cannot be patched")]
    [TestCase("POST", "configmaps/cm", TestName = "An object cannot be posted to")]
    [TestCase("BREW", "configmaps/cm", TestName = "An unknown method is not allowed")]
    [TestCase("DELETE", "deployments/web/status", TestName = "A status cannot be deleted")]
    [TestCase("DELETE", "/api/v1/namespaces", TestName = "All namespaces cannot be deleted at once")]
    public async Task Not_allowed(string method, string path)
    {
        using var content = new StringContent("{}", Encoding.UTF8, method == "PATCH" ? "application/merge-patch+json" : "application/json");

        var reply = await Api.SendAsync(new HttpMethod(method), PathOf(path), content, null);

        NotAllowed(reply);
    }

    [TestCase("configmaps/cm/status", TestName = "A kind without a status has no status path")]
    [TestCase("configmaps/cm/scale", TestName = "A kind without a scale has no scale path")]
    [TestCase("deployments/web/nothing", TestName = "An unknown subresource is not found")]
    public async Task No_such_path(string path) => NotFound(await Get(path), "the server could not find the requested resource");

    [Test]
    public async Task Invalid_utf_8_is_replaced()
    {
        using var content = new ByteArrayContent([.. "{\"metadata\":{\"name\":\"cm\"},\"data\":{\"a\":\""u8, 0xff, 0xfe, .. "\"}}"u8]);
        content.Headers.ContentType = new("application/json");

        var reply = await Api.SendAsync(HttpMethod.Post, PathOf("configmaps"), content, null);

        Assert.That((reply.Code, reply["data.a"]), Is.EqualTo((201, "\ufffd\ufffd")), reply.Text);
    }
}
