using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.OnnxRuntime.Tests;

namespace ModelOperator.Serving.Tests.Protocol;

/// <summary>Requests and answers that are compressed, against an identity model.</summary>
internal sealed class CompressionTests
{
    private const int Elements = 4000;

    private RunningServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await RunningServer.StartAsync(
        new TinyModel().Input("x", TinyModel.UInt8, "n").Output("y", TinyModel.UInt8, "n").Node("Identity", ["x"], "y"));

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("gzip", "gzip", "gzip")]
    [TestCase("deflate", "deflate", "deflate")]
    [TestCase("br", "gzip;q=0.5, deflate", "deflate")]
    [TestCase("gzip", "*", "gzip")]
    [TestCase("gzip", "gzip;q=0, deflate;q=0", null)]
    [TestCase("identity", "br, zstd", null)]
    public async Task Raw_tensors_are_compressed_together_with_the_JSON_and_its_length_is_that_before(string sent, string accepted, string? answered)
    {
        var raw = Enumerable.Range(0, Elements).Select(i => (byte)(i / 40)).ToArray();
        var json =
            $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[{{{Elements}}}],"datatype":"UINT8","parameters":{"binary_data_size":{{{Elements}}}}}]}""";
        var content = new ByteArrayContent(Compress(sent, [.. Encoding.UTF8.GetBytes(json), .. raw]));
        content.Headers.ContentEncoding.Add(sent);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/tiny/infer") { Content = content };
        request.Headers.Add("Inference-Header-Content-Length", json.Length.ToString());
        request.Headers.AcceptEncoding.ParseAdd(accepted);
        using var response = await _server.Http.SendAsync(request);

        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), Encoding.UTF8.GetString(bytes));
        Assert.That(response.Content.Headers.ContentEncoding.SingleOrDefault(), Is.EqualTo(answered));
        Assert.That(response.Headers.Vary.SingleOrDefault(), Is.EqualTo(answered is null ? null : "Accept-Encoding"));
        var plain = answered is null ? bytes : Decompress(answered, bytes);
        var length = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single());
        Assert.That(JsonNode.Parse(plain.AsSpan(0, length))!["outputs"]![0]!["name"]!.GetValue<string>(), Is.EqualTo("y"));
        Assert.That(plain[length..], Is.EqualTo(raw));
    }

    [Test]
    public async Task A_short_answer_is_not_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/tiny/infer")
        {
            Content = new StringContent("""{"inputs":[{"name":"x","shape":[1],"datatype":"UINT8","data":[1]}]}"""),
        };
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await _server.Http.SendAsync(request);
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
    }

    [TestCase("zstd", 415, "Content-Encoding \"zstd\" is not supported; gzip, deflate and br are")]
    [TestCase("gzip", 400, "the request body is not compressed as its Content-Encoding says")]
    [TestCase("br", 400, "the request body is not compressed as its Content-Encoding says")]
    public async Task An_encoding_that_is_not_known_or_not_true_is_told(string encoding, int status, string error)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("this is not compressed at all"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await _server.Http.PostAsync("/v2/models/tiny/infer", content);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!.GetValue<string>(), Is.EqualTo(error));
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (Stream? stream = encoding switch
        {
            "gzip" => new GZipStream(memory, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(memory, CompressionLevel.Optimal),
            "br" => new BrotliStream(memory, CompressionLevel.Optimal),
            _ => null,
        })
        {
            stream?.Write(bytes);
        }
        return encoding == "identity" ? bytes : memory.ToArray();
    }

    private static byte[] Decompress(string encoding, byte[] bytes)
    {
        using var source = new MemoryStream(bytes);
        using Stream stream = encoding == "gzip" ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
