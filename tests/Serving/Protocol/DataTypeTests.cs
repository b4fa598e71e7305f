using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.OnnxRuntime.Tests;

namespace ModelOperator.Serving.Tests.Protocol;

/// <summary>Every datatype through an identity model, as JSON and as raw bytes.</summary>
internal sealed class DataTypeTests
{
    [TestCase(TinyModel.Bool, "BOOL", "true,false", "0100")]
    [TestCase(TinyModel.UInt8, "UINT8", "0,255", "00ff")]
    [TestCase(TinyModel.UInt16, "UINT16", "1,65535", "0100ffff")]
    [TestCase(TinyModel.UInt32, "UINT32", "1,4294967295", "01000000ffffffff")]
    [TestCase(TinyModel.UInt64, "UINT64", "1,18446744073709551615", "0100000000000000ffffffffffffffff")]
    [TestCase(TinyModel.Int8, "INT8", "-128,127", "807f")]
    [TestCase(TinyModel.Int16, "INT16", "-2,1", "feff0100")]
    [TestCase(TinyModel.Int32, "INT32", "-2,1", "feffffff01000000")]
    [TestCase(TinyModel.Int64, "INT64", "-9223372036854775808,1", "00000000000000800100000000000000")]
    [TestCase(TinyModel.Float, "FP32", "0.1,-1.5", "cdcccc3d0000c0bf")]
    [TestCase(TinyModel.Double, "FP64", "0.1,-1.5", "9a9999999999b93f000000000000f8bf")]
    [TestCase(TinyModel.String, "BYTES", "\"a\",\"b\\u00fc\\n\"", "010000006104000000" + "62c3bc0a")]
    public async Task Json_and_raw_bytes_are_the_same_tensor(int type, string name, string json, string hex)
    {
        await using var server = await RunningServer.StartAsync(Identity(type));

        var (status, body, _) = await server.PostAsync(
            $$"""{"inputs":[{"name":"x","shape":[2],"datatype":"{{name}}","data":[{{json}}]}]}""");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), body!.ToJsonString());
        Assert.That(
            body!["outputs"]![0]!["data"]!.ToJsonString(), Is.EqualTo(JsonNode.Parse($"[{json}]")!.ToJsonString()));

        using var response = await server.PostBinaryAsync(
            $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[2],"datatype":"{{{name}}}","parameters":{"binary_data_size":{{{hex.Length / 2}}}}}]}""",
            Convert.FromHexString(hex));
        Assert.That(await TailAsync(response), Is.EqualTo(hex));
    }

    [TestCase(TinyModel.Float16, "FP16")]
    [TestCase(TinyModel.BFloat16, "BF16")]
    public async Task Half_floats_travel_as_raw_bytes_only(int type, string name)
    {
        await using var server = await RunningServer.StartAsync(Identity(type));
        var input = $$$"""{"name":"x","shape":[2],"datatype":"{{{name}}}","parameters":{"binary_data_size":4}}""";

        using var raw = await server.PostBinaryAsync($$"""{"parameters":{"binary_data_output":true},"inputs":[{{input}}]}""", [0, 0x3c, 1, 2]);
        Assert.That(await TailAsync(raw), Is.EqualTo("003c0102"));

        using var answer = await server.PostBinaryAsync($$"""{"inputs":[{{input}}]}""", [0, 0x3c, 1, 2]);
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain($"output 'y' is {name}, which has no JSON form"));

        var (status, body, _) = await server.PostAsync($$"""{"inputs":[{"name":"x","shape":[2],"datatype":"{{name}}","data":[1,2]}]}""");
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body!["error"]!.GetValue<string>(), Does.Contain($"input 'x' is {name}, which has no JSON form"));
    }

    [TestCase(TinyModel.Int32, "INT32", "1.5")]
    [TestCase(TinyModel.Int8, "INT8", "128")]
    [TestCase(TinyModel.UInt8, "UINT8", "-1")]
    [TestCase(TinyModel.Bool, "BOOL", "1")]
    [TestCase(TinyModel.String, "BYTES", "1")]
    public async Task A_value_of_another_type_is_refused(int type, string name, string value)
    {
        await using var server = await RunningServer.StartAsync(Identity(type));
        var (status, body, _) = await server.PostAsync($$"""{"inputs":[{"name":"x","shape":[1],"datatype":"{{name}}","data":[{{value}}]}]}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body!["error"]!.GetValue<string>(), Is.EqualTo($"element 0 of input 'x' is {value}, expected {name}"));
    }

    [TestCase("01000000", "ends within element 0")]
    [TestCase("0100000061ff", "1 elements by its shape, but 1 bytes follow")]
    [TestCase("ffffffff61", "ends within element 0")]
    public async Task Raw_strings_of_wrong_lengths_are_refused(string hex, string message)
    {
        await using var server = await RunningServer.StartAsync(Identity(TinyModel.String));
        using var response = await server.PostBinaryAsync(
            $$$"""{"inputs":[{"name":"x","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":{{{hex.Length / 2}}}}}]}""", Convert.FromHexString(hex));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(message));
    }

    [Test]
    public async Task Bytes_that_are_no_text_are_refused_in_JSON_rather_than_changed()
    {
        await using var server = await RunningServer.StartAsync(Identity(TinyModel.String));
        var input = """{"inputs":[{"name":"x","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":6}}]}""";
        using var response = await server.PostBinaryAsync(input, [2, 0, 0, 0, 0xff, 0xfe]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("element 0 of output 'y' is no valid UTF-8, which JSON cannot carry"));
        using var raw = await server.PostBinaryAsync(input.Insert(1, "\"parameters\":{\"binary_data_output\":true},"), [2, 0, 0, 0, 0xff, 0xfe]);
        Assert.That(await TailAsync(raw), Is.EqualTo("02000000fffe"));
    }

    [TestCase("\"\\ud800\"")]
    [TestCase("\"\\udc00x\"")]
    public async Task Half_of_a_surrogate_pair_is_no_string(string text)
    {
        await using var server = await RunningServer.StartAsync(Identity(TinyModel.String));
        var (status, _, _) = await server.PostAsync($$"""{"inputs":[{"name":"x","shape":[1],"datatype":"BYTES","data":[{{text}}]}]}""");
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));

        foreach (var json in new[] { $"{{{text}:1}}", $"{{\"id\":{text}}}", $"{{\"inputs\":[{{\"name\":{text}}}]}}", $"{{\"parameters\":{{{text}:1}}}}" })
        {
            Assert.That((await server.PostAsync(json)).Status, Is.EqualTo(HttpStatusCode.BadRequest), json);
        }
    }

    [TestCase("[0,4611686018427387904,4611686018427387904]", "is too large")]
    [TestCase("[4611686018427387904,4611686018427387904,0]", "is too large")]
    [TestCase("[9223372036854775807,9223372036854775807,9223372036854775807]", "elements; the data is shorter than that")]
    public async Task Dimensions_that_multiply_to_more_than_there_is_are_refused(string shape, string message)
    {
        await using var server = await RunningServer.StartAsync(new TinyModel()
            .Input("x", TinyModel.Float, "n", "m", "k").Output("y", TinyModel.Float, "n", "m", "k").Node("Identity", ["x"], "y"));
        var (status, body, _) = await server.PostAsync($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"FP32","data":[]}]}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body!["error"]!.GetValue<string>(), Does.Contain(message));
    }

    [Test]
    public async Task A_raw_request_is_the_one_input_and_gets_raw_outputs()
    {
        await using var server = await RunningServer.StartAsync(Identity(TinyModel.Int16));
        using var response = await server.PostBinaryAsync("", [1, 0, 2, 0, 3, 0], "0");

        Assert.That(await TailAsync(response), Is.EqualTo("010002000300"));
    }

    [Test]
    public async Task A_raw_request_of_strings_is_one_element_without_a_length()
    {
        await using var server = await RunningServer.StartAsync(Identity(TinyModel.String));
        using var response = await server.PostBinaryAsync("", Encoding.UTF8.GetBytes("hi\0"), "0");

        Assert.That(await TailAsync(response), Is.EqualTo("03000000686900"));
    }

    [Test]
    public async Task A_raw_request_with_two_dimensions_that_vary_is_refused()
    {
        await using var server = await RunningServer.StartAsync(new TinyModel()
            .Input("x", TinyModel.Float, "n", "m").Output("y", TinyModel.Float, "n", "m").Node("Identity", ["x"], "y"));
        using var response = await server.PostBinaryAsync("", new byte[8], "0");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("has 2 dimensions that vary"));
    }

    [Test]
    public async Task A_scalar_is_one_element_without_dimensions()
    {
        await using var server = await RunningServer.StartAsync(new TinyModel()
            .Input("x", TinyModel.Float).Output("y", TinyModel.Float).Node("Neg", ["x"], "y"));
        var (_, body, _) = await server.PostAsync("""{"inputs":[{"name":"x","shape":[],"datatype":"FP32","data":[3]}]}""");

        Assert.That(body!["outputs"]![0]!.ToJsonString(), Is.EqualTo("""{"name":"y","datatype":"FP32","shape":[],"data":[-3]}"""));
    }

    private static TinyModel Identity(int type) =>
        new TinyModel().Input("x", type, "n").Output("y", type, "n").Node("Identity", ["x"], "y");

    private static async Task<string> TailAsync(HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), Encoding.UTF8.GetString(bytes));
        return Convert.ToHexStringLower(bytes.AsSpan(int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single())));
    }
}
