using System.IO.Compression;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.OnnxRuntime.Tests;

namespace ModelOperator.Serving.Tests.Protocol;

/// <summary>The protocol over real HTTP against a model of two inputs and two outputs: sum = a + b, product = a * b.</summary>
internal sealed class AddServerTests
{
    private const string A = """{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,2]}""";
    private const string B = """{"name":"b","shape":[1,2],"datatype":"FP32","data":[10,20.5]}""";
    private const int MaxRequestBytes = 200_000;

    private RunningServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await RunningServer.StartAsync(
        new TinyModel()
            .Input("a", TinyModel.Float, "n", 2).Input("b", TinyModel.Float, "n", 2)
            .Output("sum", TinyModel.Float, "n", 2).Output("product", TinyModel.Float, "n", 2)
            .Node("Add", ["a", "b"], "sum").Node("Mul", ["a", "b"], "product"),
        settings => settings with { MaxRequestBytes = MaxRequestBytes });

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("/v2", """{"name":"modelserver","version":"0.1.0","extensions":["binary_tensor_data"]}""")]
    [TestCase("/v2/health/live", """{"live":true}""")]
    [TestCase("/v2/health/ready", """{"ready":true}""")]
    [TestCase("/v2/models/tiny/ready", """{"name":"tiny","ready":true}""")]
    [TestCase("/v2/models/tiny/versions/7/ready", """{"name":"tiny","ready":true}""")]
    [TestCase("/v2/models/tiny", Metadata)]
    [TestCase("/v2/models/tiny/versions/7", Metadata)]
    public async Task Metadata_and_health_are_what_the_protocol_says(string path, string expected) =>
        Assert.That(await _server.Http.GetStringAsync(path), Is.EqualTo(expected));

    private const string Metadata =
        """{"name":"tiny","versions":["7"],"platform":"onnxruntime_onnx","inputs":[{"name":"a","datatype":"FP32","shape":[-1,2]},{"name":"b","datatype":"FP32","shape":[-1,2]}],"outputs":[{"name":"sum","datatype":"FP32","shape":[-1,2]},{"name":"product","datatype":"FP32","shape":[-1,2]}]}""";

    [TestCase("GET", "/v2/models/other", 404, "model 'other' is not found; 'tiny' is served here")]
    [TestCase("GET", "/v2/models/tiny/versions/8", 404, "version '8' of model 'tiny' is not found; '7' is served here")]
    [TestCase("GET", "/v2/models/other/ready", 404, "model 'other' is not found; 'tiny' is served here")]
    [TestCase("POST", "/v2/models/other/infer", 404, "model 'other' is not found; 'tiny' is served here")]
    [TestCase("POST", "/v2/models/tiny/versions/8/infer", 404, "version '8' of model 'tiny' is not found; '7' is served here")]
    [TestCase("GET", "/v3", 404, "Not Found")]
    [TestCase("GET", "/v2/models/tiny/infer", 405, "Method Not Allowed")]
    [TestCase("GET", "/metrics", 404, "Not Found")]
    public async Task What_is_not_here_is_an_error_with_a_body(string method, string path, int status, string message)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _server.Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!.GetValue<string>(), Is.EqualTo(message));
    }

    [Test]
    public async Task All_outputs_are_answered_when_none_is_named_and_the_id_comes_back()
    {
        var (status, body, _) = await _server.PostAsync($$"""{"id":"q-1","inputs":[{{A}},{{B}}]}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body!.ToJsonString(), Is.EqualTo(
            """{"model_name":"tiny","model_version":"7","id":"q-1","outputs":[{"name":"sum","datatype":"FP32","shape":[1,2],"data":[11,22.5]},{"name":"product","datatype":"FP32","shape":[1,2],"data":[10,41]}]}"""));
    }

    [Test]
    public async Task An_id_that_was_not_sent_is_not_answered()
    {
        var (_, body, _) = await _server.PostAsync($$"""{"inputs":[{{A}},{{B}}]}""");
        Assert.That(body!.AsObject().ContainsKey("id"), Is.False);
    }

    [Test]
    public async Task Outputs_come_in_the_order_in_which_they_are_named_and_inputs_in_any()
    {
        var (_, body, _) = await _server.PostAsync($$"""{"inputs":[{{B}},{{A}}],"outputs":[{"name":"product"},{"name":"sum"}]}""");
        Assert.That(body!["outputs"]!.AsArray().Select(output => output!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "product", "sum" }));
    }

    [TestCase("""{"name":"a","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}""")]
    [TestCase("""{"name":"a","shape":[2,2],"datatype":"FP32","data":[[1,2],[3,4]]}""")]
    [TestCase("""{"data":[[1,2],[3,4]],"datatype":"FP32","shape":[2,2],"name":"a"}""")]
    [TestCase("""{"data":[1,2,3,4],"name":"\u0061","shape":[2,2],"datatype":"FP32","parameters":{"x":1}}""")]
    public async Task Flat_and_nested_data_in_any_order_of_keys_are_the_same(string a)
    {
        var (_, body, _) = await _server.PostAsync(
            $$"""{"outputs":[{"name":"sum"}],"inputs":[{{a}},{"name":"b","shape":[2,2],"datatype":"FP32","data":[10,10,10,10]}]}""");
        Assert.That(body!["outputs"]![0]!["data"]!.ToJsonString(), Is.EqualTo("[11,12,13,14]"));
    }

    [Test]
    public async Task A_batch_of_nothing_has_an_answer_of_nothing()
    {
        var (status, body, _) = await _server.PostAsync(
            """{"inputs":[{"name":"a","shape":[0,2],"datatype":"FP32","data":[]},{"name":"b","shape":[0,2],"datatype":"FP32","data":[]}]}""");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body!["outputs"]![0]!["data"]!.ToJsonString(), Is.EqualTo("[]"));
    }

    [Test]
    public async Task Numbers_that_json_lacks_are_strings_both_ways()
    {
        var (_, body, _) = await _server.PostAsync(
            $$"""{"outputs":[{"name":"sum"}],"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":["NaN","-Infinity"]},{{B}}]}""");
        Assert.That(body!["outputs"]![0]!["data"]!.ToJsonString(), Is.EqualTo("""["NaN","-Infinity"]"""));
    }

    [TestCase("", "the request is no valid JSON")]
    [TestCase("[]", "the request must be a JSON object")]
    [TestCase("""{"inputs":[{{A}},{{B}}]""", "the request is no valid JSON")]
    [TestCase("""{"inputs":[{{A}},{{B}}]} x""", "the request is no valid JSON")]
    [TestCase("""{"inputs":{}}""", "\"inputs\" must be an array")]
    [TestCase("""{"inputs":[1]}""", "an element of \"inputs\" must be an object")]
    [TestCase("""{"id":7,"inputs":[{{A}},{{B}}]}""", "\"id\" must be a string")]
    [TestCase("""{}""", "input 'a' is missing; the model needs it as FP32 [-1,2]")]
    [TestCase("""{"inputs":[{{A}}]}""", "input 'b' is missing")]
    [TestCase("""{"inputs":[{{A}},{{B}},{{A}}]}""", "input 'a' is given twice")]
    [TestCase("""{"inputs":[{"name":"c","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", "unexpected input 'c'; the model takes 'a', 'b'")]
    [TestCase("""{"inputs":[{"shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", "an input has no \"name\"")]
    [TestCase("""{"inputs":[{"name":"a","datatype":"FP32","data":[1,2]}]}""", "input 'a' has no \"shape\"")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32"}]}""", "input 'a' has neither \"data\" nor \"binary_data_size\"")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP64","data":[1,2]}]}""", "input 'a' has datatype FP64, expected FP32")]
    [TestCase("""{"inputs":[{"name":"a","shape":[2],"datatype":"FP32","data":[1,2]}]}""", "input 'a' has shape [2], expected [-1,2]")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "input 'a' has shape [1,3], expected [-1,2]")]
    [TestCase("""{"inputs":[{"name":"a","shape":[-1,2],"datatype":"FP32","data":[1,2]}]}""", "input 'a' has shape [-1,2], expected [-1,2]")]
    [TestCase("""{"inputs":[{"name":"a","shape":[4611686018427387904,2],"datatype":"FP32","data":[1]}]}""", "has 9223372036854775808 elements")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1.5,2],"datatype":"FP32","data":[1]}]}""", "\"shape\" of an input must hold whole numbers")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[1]}]}""", "\"data\" of input 'a' has 1 elements, expected 2 for shape [1,2]")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,2,3]}]}""", "has more elements, expected 2")]
    [TestCase("""{"inputs":[{"name":"a","shape":[2,2],"datatype":"FP32","data":[[1,2,3],[4]]}]}""", "must be flat or nested as its shape [2,2]")]
    [TestCase("""{"inputs":[{"name":"a","shape":[2,2],"datatype":"FP32","data":[[1,2],3,4]}]}""", "must be flat or nested as its shape [2,2]")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[[[1,2]]]}]}""", "must be flat or nested as its shape [1,2]")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,"x"]}]}""", "element 1 of input 'a' is \"x\", expected FP32")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,null]}]}""", "element 1 of input 'a' is null, expected FP32")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,1e99]}]}""", "element 1 of input 'a' is 1e99, expected FP32")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,{}]}]}""", "element 1 of input 'a' is an object, expected FP32")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":7}]}""", "\"data\" of input 'a' must be an array")]
    [TestCase("""{"inputs":[{{A}},{"name":"b","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}""", "input 'b' has 2 as dimension 0 ('n'), but input 'a' has 1")]
    [TestCase("""{"inputs":[{{A}},{{B}}],"outputs":[{"name":"x"}]}""", "unexpected output 'x'; the model gives 'sum', 'product'")]
    [TestCase("""{"inputs":[{{A}},{{B}}],"outputs":[{"name":"sum"},{"name":"sum"}]}""", "output 'sum' is requested twice")]
    [TestCase("""{"inputs":[{{A}},{{B}}],"outputs":[{"name":"sum","parameters":{"classification":2}}]}""", "parameter \"classification\" of an output is not supported")]
    [TestCase("""{"inputs":[{{A}},{{B}}],"parameters":{"x":{}}}""", "parameter \"x\" of the request must be a string, a number or a boolean")]
    [TestCase("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":-1}}]}""", "must be a whole number of bytes")]
    public async Task A_request_that_does_not_fit_is_refused_by_name(string json, string message)
    {
        var (status, body, _) = await _server.PostAsync(json.Replace("{{A}}", A).Replace("{{B}}", B));

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body!["error"]!.GetValue<string>(), Does.Contain(message));
    }

    [Test]
    public async Task Json_that_is_nested_too_deep_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 101)) + string.Concat(Enumerable.Repeat("]", 101));
        var (status, body, _) = await _server.PostAsync($$"""{"x":{{deep}}}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body!["error"]!.GetValue<string>(), Does.Contain("depth"));
    }

    [Test]
    public async Task A_body_beyond_the_limit_is_refused_with_413()
    {
        var (status, body, _) = await _server.PostAsync(new string(' ', MaxRequestBytes + 1));

        Assert.That(status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(body!["error"]!.GetValue<string>(), Does.Contain("larger than 200000 bytes"));
    }

    [Test]
    public async Task A_compressed_request_is_read_and_a_bomb_is_bounded()
    {
        Assert.That((await PostGzipAsync($$"""{"inputs":[{{A}},{{B}}]}""")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await PostGzipAsync(new string(' ', 10_000_000))).StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    private async Task<HttpResponseMessage> PostGzipAsync(string json)
    {
        using var memory = new MemoryStream();
        await using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(json));
        }
        var content = new ByteArrayContent(memory.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return await _server.Http.PostAsync("/v2/models/tiny/infer", content);
    }

    private const string BinaryInputs =
        """{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}},{"name":"b","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""";

    [Test]
    public async Task Raw_inputs_give_the_same_answer_in_json()
    {
        using var response = await _server.PostBinaryAsync(BinaryInputs, Raw(1, 2, 10, 20.5f));
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.That(body["outputs"]![0]!["data"]!.ToJsonString(), Is.EqualTo("[11,22.5]"));
        Assert.That(response.Headers.Contains("Inference-Header-Content-Length"), Is.False);
    }

    [Test]
    public async Task Outputs_are_raw_by_default_of_the_request_unless_they_say_otherwise()
    {
        using var response = await _server.PostBinaryAsync(
            $$$"""{"parameters":{"binary_data_output":true},"outputs":[{"name":"product"},{"name":"sum","parameters":{"binary_data":false}}],"inputs":[{{{A}}},{{{B}}}]}""", []);
        var length = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single());
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var body = JsonNode.Parse(bytes.AsSpan(0, length))!;

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/octet-stream"));
        Assert.That(body["outputs"]![0]!["parameters"]!["binary_data_size"]!.GetValue<int>(), Is.EqualTo(8));
        Assert.That(body["outputs"]![1]!["data"]!.ToJsonString(), Is.EqualTo("[11,22.5]"));
        Assert.That(MemoryMarshal.Cast<byte, float>(bytes.AsSpan(length)).ToArray(), Is.EqualTo(new[] { 10f, 41f }));
    }

    [TestCase("99999999999", "it must be a number of bytes")]
    [TestCase("-1", "it must be a number of bytes")]
    [TestCase("abc", "it must be a number of bytes")]
    [TestCase("100000", "it must be a number of bytes")]
    [TestCase("0", "carries one input; the model takes 2")]
    public async Task A_wrong_json_length_is_refused_and_the_server_goes_on(string header, string message)
    {
        using (var response = await _server.PostBinaryAsync(BinaryInputs, Raw(1, 2, 3, 4), header))
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(message));
        }
        Assert.That((await _server.PostAsync($$"""{"inputs":[{{A}},{{B}}]}""")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(12, "unexpected size for input 'b': binary_data_size is 8, expecting 4 additional bytes")]
    [TestCase(20, "unexpected additional input data: 4 bytes follow the last input")]
    public async Task Raw_data_of_another_length_is_refused(int length, string message)
    {
        using var response = await _server.PostBinaryAsync(BinaryInputs, new byte[length]);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(message));
    }

    [Test]
    public async Task Raw_data_that_does_not_fill_the_shape_is_refused()
    {
        using var response = await _server.PostBinaryAsync(BinaryInputs.Replace("\"shape\":[1,2]", "\"shape\":[2,2]"), new byte[16]);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("input 'a' of shape [2,2] and datatype FP32 needs 16 bytes, got 8"));
    }

    [Test]
    public async Task Every_answer_carries_its_lineage_and_the_callers_request_id()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/models/other");
        request.Headers.Add("x-request-id", "abc");
        using var response = await _server.Http.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.Headers.GetValues("x-model-version"), Is.EqualTo(new[] { "7" }));
            Assert.That(response.Headers.GetValues("x-model-revision"), Is.EqualTo(new[] { "tiny-r3" }));
            Assert.That(response.Headers.GetValues("x-model-digest").Single(), Does.Match("^[0-9a-f]{64}$"));
            Assert.That(response.Headers.GetValues("x-request-id"), Is.EqualTo(new[] { "abc" }));
        });
    }

    [Test]
    public async Task A_request_without_an_id_gets_one()
    {
        using var response = await _server.Http.GetAsync("/v2");
        Assert.That(response.Headers.GetValues("x-request-id").Single(), Has.Length.EqualTo(32));
    }

    private static byte[] Raw(params float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();
}
