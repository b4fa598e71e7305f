using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.Serving.Tests.Protocol.Grpc;

/// <summary>The protocol over real HTTP/2 against a model of two inputs and two outputs: sum = a + b, product = a * b.</summary>
internal sealed class GrpcServerTests
{
    private const string Service = "/inference.GRPCInferenceService/";
    private const string Infer = Service + "ModelInfer";
    private const int MaxRequestBytes = 200_000;
    private const int Ok = 0, InvalidArgument = 3, DeadlineExceeded = 4, NotFound = 5, ResourceExhausted = 8, Unimplemented = 12;

    private RunningServer _server = null!;
    private GrpcClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _server = await RunningServer.StartAsync(
            new TinyModel()
                .Input("a", TinyModel.Float, "n", 2).Input("b", TinyModel.Float, "n", 2)
                .Output("sum", TinyModel.Float, "n", 2).Output("product", TinyModel.Float, "n", 2)
                .Node("Add", ["a", "b"], "sum").Node("Mul", ["a", "b"], "product"),
            settings => settings with { MaxRequestBytes = MaxRequestBytes });
        _client = new GrpcClient(_server.Grpc);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task The_server_is_live_and_ready_and_tells_who_it_is()
    {
        Assert.That((await _client.CallAsync(Service + "ServerLive", new ServerLiveRequest(), ServerLiveResponse.Parser)).Message!.Live);
        Assert.That((await _client.CallAsync(Service + "ServerReady", new ServerReadyRequest(), ServerReadyResponse.Parser)).Message!.Ready);
        var metadata = (await _client.CallAsync(Service + "ServerMetadata", new ServerMetadataRequest(), ServerMetadataResponse.Parser)).Message!;
        Assert.That((metadata.Name, metadata.Version), Is.EqualTo(("modelserver", "0.1.0")));
        Assert.That(metadata.Extensions, Does.Contain("binary_tensor_data"));
    }

    [TestCase("tiny", "", Ok, "")]
    [TestCase("tiny", "7", Ok, "")]
    [TestCase("tiny", "8", NotFound, "version '8' of model 'tiny' is not found; '7' is served here")]
    [TestCase("other", "", NotFound, "model 'other' is not found; 'tiny' is served here")]
    [TestCase("grün %", "", NotFound, "model 'grün %' is not found; 'tiny' is served here")]
    public async Task Only_the_model_and_version_that_is_served_is_found(string name, string version, int status, string error)
    {
        var ready = await _client.CallAsync(Service + "ModelReady", new ModelReadyRequest { Name = name, Version = version }, ModelReadyResponse.Parser);
        Assert.That((ready.Status, ready.Error), Is.EqualTo((status, error)));
        Assert.That(ready.Message?.Ready, Is.EqualTo(status == Ok ? true : null));

        var metadata = await _client.CallAsync(
            Service + "ModelMetadata", new ModelMetadataRequest { Name = name, Version = version }, ModelMetadataResponse.Parser);
        Assert.That((metadata.Status, metadata.Error), Is.EqualTo((status, error)));

        var infer = await _client.CallAsync(Infer, Typed(request => (request.ModelName, request.ModelVersion) = (name, version)), ModelInferResponse.Parser);
        Assert.That((infer.Status, infer.Error), Is.EqualTo((status, error)));
    }

    [Test]
    public async Task Metadata_is_that_of_the_model()
    {
        var metadata = (await _client.CallAsync(Service + "ModelMetadata", new ModelMetadataRequest { Name = "tiny" }, ModelMetadataResponse.Parser)).Message!;
        Assert.That((metadata.Name, metadata.Platform, metadata.Versions.Single()), Is.EqualTo(("tiny", "onnxruntime_onnx", "7")));
        Assert.That(metadata.Inputs.Select(input => $"{input.Name} {input.Datatype} [{string.Join(',', input.Shape)}]"), Is.EqualTo(new[] { "a FP32 [-1,2]", "b FP32 [-1,2]" }));
        Assert.That(metadata.Outputs.Select(output => output.Name), Is.EqualTo(new[] { "sum", "product" }));
    }

    [Test]
    public async Task Typed_and_raw_contents_give_the_same_raw_answer()
    {
        foreach (var request in new[] { Typed(), Raw() })
        {
            var reply = await _client.CallAsync(Infer, request, ModelInferResponse.Parser);

            Assert.That((reply.Http, reply.Status, reply.Error), Is.EqualTo((HttpStatusCode.OK, Ok, "")));
            var answer = reply.Message!;
            Assert.That((answer.ModelName, answer.ModelVersion, answer.Id), Is.EqualTo(("tiny", "7", "q-1")));
            Assert.That(answer.Outputs.Select(output => $"{output.Name} {output.Datatype} [{string.Join(',', output.Shape)}]"), Is.EqualTo(new[] { "sum FP32 [1,2]", "product FP32 [1,2]" }));
            Assert.That(Floats(answer.RawOutputContents[0]), Is.EqualTo(new[] { 11f, 22.5f }));
            Assert.That(Floats(answer.RawOutputContents[1]), Is.EqualTo(new[] { 10f, 41f }));
        }
    }

    [Test]
    public async Task Outputs_come_in_the_order_in_which_they_are_named_and_inputs_in_any()
    {
        var request = Raw();
        (request.Inputs[0], request.Inputs[1]) = (request.Inputs[1], request.Inputs[0]);
        (request.RawInputContents[0], request.RawInputContents[1]) = (request.RawInputContents[1], request.RawInputContents[0]);
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "product" });
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "sum" });

        var answer = (await _client.CallAsync(Infer, request, ModelInferResponse.Parser)).Message!;
        Assert.That(answer.Outputs.Select(output => output.Name), Is.EqualTo(new[] { "product", "sum" }));
        Assert.That(Floats(answer.RawOutputContents[1]), Is.EqualTo(new[] { 11f, 22.5f }));
    }

    [Test]
    public async Task Fields_that_are_not_packed_are_read_too()
    {
        // What proto2 writers, and proto3 ones told so, do with repeated numbers: a tag before each.
        using var input = new MemoryStream();
        using (var writer = new CodedOutputStream(input, leaveOpen: true))
        {
            writer.WriteTag(1, WireFormat.WireType.LengthDelimited);
            writer.WriteString("a");
            writer.WriteTag(2, WireFormat.WireType.LengthDelimited);
            writer.WriteString("FP32");
            foreach (var dimension in new[] { 1, 2 })
            {
                writer.WriteTag(3, WireFormat.WireType.Varint);
                writer.WriteInt64(dimension);
            }
            writer.WriteTag(5, WireFormat.WireType.LengthDelimited);
            writer.WriteLength(10);
            foreach (var value in new[] { 1f, 2f })
            {
                writer.WriteTag(6, WireFormat.WireType.Fixed32);
                writer.WriteFloat(value);
            }
        }
        var rest = Typed(request => request.Inputs.RemoveAt(0)).ToByteArray();
        byte[] message = [.. rest, (5 << 3) | 2, (byte)input.Length, .. input.ToArray()];

        var reply = await _client.SendAsync(Infer, GrpcClient.Frame(message), ModelInferResponse.Parser);
        Assert.That((reply.Status, reply.Error), Is.EqualTo((Ok, "")));
        Assert.That(Floats(reply.Message!.RawOutputContents[0]), Is.EqualTo(new[] { 11f, 22.5f }));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        TestCaseData Case(string error, Action<ModelInferRequest> change) => new TestCaseData(change, error).SetArgDisplayNames(error);

        yield return Case("raw_input_contents has 1 entries, expected 2, one for each input", request => request.RawInputContents.RemoveAt(1));
        yield return Case("the request has more than 2 raw_input_contents; the model takes 2", request => request.RawInputContents.Add(ByteString.Empty));
        yield return Case("the request has more than 2 inputs; the model takes 2", request => request.Inputs.Add(request.Inputs[0].Clone()));
        yield return Case(
            "input 'a' has contents, but the request has raw_input_contents; a request has either",
            request => request.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1, 2 } });
        yield return Case("input 'a' has datatype FP64, expected FP32", request => request.Inputs[0].Datatype = "FP64");
        yield return Case("input 'a' has shape [1,3], expected [-1,2] (-1: any size)", request => request.Inputs[0].Shape[1] = 3);
        yield return Case("input 'a' has shape [-1,2], expected [-1,2] (-1: any size)", request => request.Inputs[0].Shape[0] = -1);
        yield return Case("has 9223372036854775808 elements", request => request.Inputs[0].Shape[0] = 1L << 62);
        yield return Case("input 'a' of shape [2,2] and datatype FP32 needs 16 bytes, got 8", request => request.Inputs[0].Shape[0] = 2);
        yield return Case("input 'a' is given twice", request => request.Inputs[1].Name = "a");
        yield return Case("unexpected input 'c'; the model takes 'a', 'b'", request => request.Inputs[1].Name = "c");
        yield return Case("an input has no name", request => request.Inputs[1].Name = "");
        yield return Case("\"shape\" of an input has more than 32 dimensions", request => request.Inputs[1].Shape.Add(Enumerable.Repeat(1L, 31)));
        yield return Case("unexpected output 'x'; the model gives 'sum', 'product'", request => request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "x" }));
        yield return Case("output 'sum' is requested twice", request =>
        {
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "sum" });
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "sum" });
        });
        yield return Case("parameter \"classification\" of an output is not supported", request => request.Outputs.Add(
            new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "sum", Parameters = { ["classification"] = new InferParameter { Int64Param = 2 } } }));
        yield return Case(
            "parameter \"shared_memory_region\" of an input is not supported",
            request => request.Inputs[0].Parameters["shared_memory_region"] = new InferParameter { StringParam = "r" });
        yield return Case("input 'b' has 2 as dimension 0 ('n'), but input 'a' has 1", request =>
        {
            request.Inputs[1].Shape[0] = 2;
            request.RawInputContents[1] = ByteString.CopyFrom(new byte[16]);
        });
        yield return Case("input 'b' is missing; the model needs it as FP32 [-1,2]", request =>
        {
            request.Inputs.RemoveAt(1);
            request.RawInputContents.RemoveAt(1);
        });
        yield return Case("contents of input 'a' have 1 elements, expected 2 for shape [1,2]", request =>
        {
            request.RawInputContents.Clear();
            request.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1 } };
        });
        yield return Case("contents of input 'a' have more elements, expected 2 for shape [1,2]", request =>
        {
            request.RawInputContents.Clear();
            request.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1, 2, 3 } };
        });
        yield return Case("input 'a' is FP32, whose contents are in fp32_contents, not int64_contents", request =>
        {
            request.RawInputContents.Clear();
            request.Inputs[0].Contents = new InferTensorContents { Int64Contents = { 1, 2, 3 } };
        });
    }

    [TestCaseSource(nameof(Refused))]
    public async Task What_does_not_fit_the_model_is_an_invalid_argument_that_names_it(Action<ModelInferRequest> change, string error)
    {
        var request = Raw();
        change(request);
        var reply = await _client.CallAsync(Infer, request, ModelInferResponse.Parser);

        Assert.That((reply.Http, reply.Status), Is.EqualTo((HttpStatusCode.OK, InvalidArgument)), reply.Error);
        Assert.That(reply.Error, Does.Contain(error));
    }

    [TestCase("", "the request has no message")]
    [TestCase("0000", "the request has no message")]
    [TestCase("0000000005010203", "the request ends after 3 of its message's 5 bytes")]
    [TestCase("00000000010a", "the message is no valid protobuf: it ends within a number")]
    [TestCase("00000000020a05", "the message is no valid protobuf: field 1 is 5 bytes long, but 0 are left")]
    [TestCase("000000000100", "the message is no valid protobuf: it has a field with tag 0")]
    [TestCase("00000000010b", "the message is no valid protobuf: it has a field with tag 11")]
    [TestCase("0200000000", "the message begins with 2; it must be 0, or 1 when it is compressed")]
    [TestCase("0100000000", "the message is marked as compressed, but grpc-encoding does not say how")]
    [TestCase("00000000000000000000", "more follows the request's message")]
    public async Task What_is_no_message_is_an_invalid_argument(string hex, string error)
    {
        var reply = await _client.SendAsync(Infer, Convert.FromHexString(hex), ModelInferResponse.Parser);
        Assert.That((reply.Status, reply.Error), Is.EqualTo((InvalidArgument, reply.Error)));
        Assert.That(reply.Error, Does.Contain(error));
    }

    [Test]
    public async Task A_message_that_is_too_large_is_refused_by_its_length_alone()
    {
        byte[] claim = [0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3];
        var reply = await _client.SendAsync(Infer, claim, ModelInferResponse.Parser);
        Assert.That((reply.Status, reply.Error), Is.EqualTo((ResourceExhausted, "the request body is larger than 200000 bytes, the most that is taken")));
    }

    [Test]
    public async Task A_large_message_that_comes_in_many_frames_is_taken()
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => (float)i).ToArray();
        var request = Raw();
        for (var i = 0; i < 2; i++)
        {
            request.Inputs[i].Shape[0] = 10_000;
            request.RawInputContents[i] = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(rows));
        }
        var reply = await _client.CallAsync(Infer, request, ModelInferResponse.Parser);
        Assert.That(reply.Status, Is.EqualTo(Ok), reply.Error);
        Assert.That(Floats(reply.Message!.RawOutputContents[0]), Is.EqualTo(rows.Select(x => x + x)));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    public async Task A_compressed_message_is_read_and_answered_in_kind(string encoding)
    {
        var reply = await _client.SendAsync(
            Infer, GrpcClient.Frame(Compress(encoding, Raw().ToByteArray()), compressed: true), ModelInferResponse.Parser,
            request => request.Headers.Add("grpc-encoding", encoding));

        Assert.That((reply.Status, reply.Error), Is.EqualTo((Ok, "")));
        Assert.That(reply.Response.Headers.GetValues("grpc-encoding"), Is.EqualTo(new[] { encoding }));
        Assert.That(reply.Body[0], Is.EqualTo(1));
        var answer = ModelInferResponse.Parser.ParseFrom(Decompress(encoding, reply.Body[5..]));
        Assert.That(Floats(answer.RawOutputContents[0]), Is.EqualTo(new[] { 11f, 22.5f }));
    }

    [Test]
    public async Task A_compressed_message_is_bounded_by_what_it_becomes_and_garbage_is_told()
    {
        void Gzip(HttpRequestMessage request) => request.Headers.Add("grpc-encoding", "gzip");

        var bomb = GrpcClient.Frame(Compress("gzip", new byte[10_000_000]), compressed: true);
        Assert.That((await _client.SendAsync(Infer, bomb, ModelInferResponse.Parser, Gzip)).Status, Is.EqualTo(ResourceExhausted));

        var garbage = await _client.SendAsync(Infer, GrpcClient.Frame([1, 2, 3, 4], compressed: true), ModelInferResponse.Parser, Gzip);
        Assert.That((garbage.Status, garbage.Error), Is.EqualTo((InvalidArgument, "the message is not compressed with gzip, as it says")));
    }

    [Test]
    public async Task An_encoding_that_is_not_known_is_unimplemented_with_those_that_are()
    {
        var reply = await _client.CallAsync(Infer, Raw(), ModelInferResponse.Parser, request => request.Headers.Add("grpc-encoding", "snappy"));
        Assert.That(reply.Status, Is.EqualTo(Unimplemented));
        Assert.That(reply.Response.Headers.GetValues("grpc-accept-encoding"), Is.EqualTo(new[] { "identity,gzip,deflate" }));
    }

    [TestCase(Service + "ModelStreamInfer")]
    [TestCase("/grpc.health.v1.Health/List")]
    [TestCase("/v2/health/live")]
    public async Task A_method_that_is_not_here_is_unimplemented(string method)
    {
        var reply = await _client.CallAsync(method, new ServerLiveRequest(), ServerLiveResponse.Parser);
        Assert.That((reply.Http, reply.Status, reply.Error), Is.EqualTo((HttpStatusCode.OK, Unimplemented, $"there is no method {method} here")));
    }

    [Test]
    public async Task What_is_not_gRPC_is_told_so_in_HTTP()
    {
        var json = await _client.CallAsync(Infer, Raw(), ModelInferResponse.Parser, request => request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json"));
        Assert.That(json.Http, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
        var get = await _client.CallAsync(Infer, Raw(), ModelInferResponse.Parser, request => request.Method = HttpMethod.Put);
        Assert.That(get.Http, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [TestCase("1S", Ok)]
    [TestCase("99999999H", Ok)]
    [TestCase("0m", DeadlineExceeded)]
    [TestCase("1n", DeadlineExceeded)]
    [TestCase("123456789S", InvalidArgument)]
    [TestCase("-1S", InvalidArgument)]
    [TestCase("1s", InvalidArgument)]
    [TestCase("S", InvalidArgument)]
    public async Task The_callers_deadline_is_kept(string timeout, int status)
    {
        var reply = await _client.CallAsync(Infer, Raw(), ModelInferResponse.Parser, request => request.Headers.Add("grpc-timeout", timeout));
        Assert.That(reply.Status, Is.EqualTo(status), reply.Error);
    }

    [Test]
    public async Task Every_answer_carries_its_lineage_and_the_callers_request_id()
    {
        foreach (var method in new[] { Infer, Service + "Nothing" })
        {
            var reply = await _client.CallAsync(method, Raw(), ModelInferResponse.Parser, request => request.Headers.Add("x-request-id", "abc"));
            var headers = reply.Response.Headers;
            Assert.That(headers.GetValues("x-model-version"), Is.EqualTo(new[] { "7" }));
            Assert.That(headers.GetValues("x-model-revision"), Is.EqualTo(new[] { "tiny-r3" }));
            Assert.That(headers.GetValues("x-model-digest").Single(), Does.Match("^[0-9a-f]{64}$"));
            Assert.That(headers.GetValues("x-request-id"), Is.EqualTo(new[] { "abc" }));
        }
    }

    private static ModelInferRequest Raw()
    {
        var request = Typed();
        foreach (var input in request.Inputs)
        {
            request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(input.Contents!.Fp32Contents.ToArray())));
            input.Contents = null;
        }
        return request;
    }

    private static ModelInferRequest Typed(Action<ModelInferRequest>? change = null)
    {
        var request = new ModelInferRequest { ModelName = "tiny", Id = "q-1", Parameters = { ["x"] = new InferParameter { BoolParam = true } } };
        foreach (var (name, values) in new[] { ("a", new[] { 1, 2f }), ("b", [10, 20.5f]) })
        {
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor
            {
                Name = name,
                Datatype = "FP32",
                Shape = { 1, 2 },
                Contents = new InferTensorContents { Fp32Contents = { values } },
            });
        }
        change?.Invoke(request);
        return request;
    }

    private static float[] Floats(ByteString raw) => MemoryMarshal.Cast<byte, float>(raw.Span).ToArray();

    private static byte[] Compress(string encoding, byte[] message)
    {
        using var memory = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(memory, CompressionLevel.Optimal) : new ZLibStream(memory, CompressionLevel.Optimal))
        {
            stream.Write(message);
        }
        return memory.ToArray();
    }

    private static byte[] Decompress(string encoding, byte[] message)
    {
        using var memory = new MemoryStream(message);
        using Stream stream = encoding == "gzip" ? new GZipStream(memory, CompressionMode.Decompress) : new ZLibStream(memory, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
