using System.IO.Compression;
using Google.Protobuf;
using ModelOperator.Serving.Protocol.Grpc.Messages;
using ModelOperator.Serving.Tests.Protocol.Grpc;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>Makes calls of ModelInfer: some as they should be, most with something wrong with them.</summary>
internal static class GrpcFuzzer
{
    private static readonly string[] Types = [.. FuzzModel.Inputs.Select(input => input.Type).Distinct(), "", "fp32", "FP8", "\u0001"];
    private static readonly string[] Names = [.. FuzzModel.Inputs.Select(input => input.Name), "", "y_text", "x", "tiny", "7", "grün", new('x', 5000)];
    private static readonly long[] Sizes = [0, 1, 2, 3, -1, 5, 256, int.MaxValue, 1L << 31, 1L << 62, long.MaxValue, long.MinValue];
    private static readonly string[] Parameters = ["binary_data_size", "classification", "shared_memory_region", "priority", "timeout", ""];

    private static readonly string[] Paths =
    [
        "/inference.GRPCInferenceService/ModelReady", "/inference.GRPCInferenceService/ModelMetadata", "/inference.GRPCInferenceService/ServerLive",
        "/inference.GRPCInferenceService/RepositoryIndex", "/inference.GRPCInferenceService/RepositoryModelLoad", "/grpc.health.v1.Health/Check",
        "/inference.GRPCInferenceService/modelinfer", "/", "//", "/a", "/grpc.health.v1.Health/" + new string('x', 500),
    ];

    private static readonly (string, string)[] Headers =
    [
        ("grpc-timeout", "1S"), ("grpc-timeout", "99999999H"), ("grpc-timeout", "0n"), ("grpc-timeout", "-1S"), ("grpc-timeout", "1"), ("grpc-timeout", ""),
        ("grpc-encoding", "gzip"), ("grpc-encoding", "identity"), ("grpc-encoding", "deflate"), ("grpc-encoding", "snappy"), ("grpc-encoding", ""),
        ("grpc-accept-encoding", "gzip"), ("x-request-id", "a b"), ("te", "gzip"), ("content-length", "3"), ("content-length", "x"), ("connection", "close"),
    ];

    private static readonly (string, string)[] Pseudo =
    [
        (":method", "GET"), (":method", "PUT"), (":method", ""), (":scheme", "https"), ("content-type", "application/json"),
        ("content-type", "application/grpc+proto"), ("content-type", "application/grpcx"), ("content-type", ""),
    ];

    public static GrpcCase Create(Random random)
    {
        var (message, expected) = Request(random);
        var headers = Usual();
        if (random.Next(20) == 0)
        {
            return new GrpcCase(headers, GrpcClient.Frame(message.ToByteArray()), null, expected);
        }
        for (var i = random.Next(0, 4); i > 0; i--)
        {
            Spoil(message, random);
        }
        var bytes = message.ToByteArray();
        bytes = random.Next(3) == 0 ? Mutations.Bytes(bytes, random) : bytes;
        var body = random.Next(6) == 0 ? Compressed(bytes, headers, random) : GrpcClient.Frame(bytes);
        switch (random.Next(14))
        {
            case 0:
                body = Mutations.Bytes(body, random);
                break;
            case 1:
                body[random.Next(Math.Min(5, body.Length))] = (byte)random.Next(256);
                break;
            case 2:
                headers.Add(Mutations.Pick(Headers, random));
                break;
            case 3:
                Set(headers, Mutations.Pick(Pseudo, random));
                break;
            case 4:
                Set(headers, (":path", Mutations.Pick(Paths, random)));
                break;
            default:
                break;
        }
        var spoilt = random.Next(12) == 0 ? Mutations.Bytes(Http2Frames.Connection(headers, body), random) : null;
        return new GrpcCase(headers, body, spoilt, null);
    }

    private static (ModelInferRequest Message, byte[][] Expected) Request(Random random)
    {
        var sizes = new Dictionary<string, long> { ["n"] = random.Next(0, 5), ["p"] = random.Next(0, 4), ["q"] = random.Next(0, 4) };
        var tensors = FuzzModel.Inputs.Select(input => FuzzTensor.Create(input, random, sizes)).ToArray();
        var message = new ModelInferRequest { ModelName = "tiny", ModelVersion = random.Next(2) == 0 ? "7" : "", Id = "q" };
        foreach (var tensor in tensors)
        {
            message.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = tensor.Input.Name, Datatype = tensor.Input.Type, Shape = { tensor.Shape } });
            message.RawInputContents.Add(ByteString.CopyFrom(tensor.Raw));
        }
        return (message, [.. tensors.Select(tensor => tensor.Raw)]);
    }

    private static void Spoil(ModelInferRequest message, Random random)
    {
        var input = message.Inputs.Count > 0 ? Mutations.Pick(message.Inputs, random) : new ModelInferRequest.Types.InferInputTensor();
        var raw = random.Next(message.RawInputContents.Count);
        switch (random.Next(14))
        {
            case 0:
                input.Name = Mutations.Pick(Names, random);
                break;
            case 1:
                input.Datatype = Mutations.Pick(Types, random);
                break;
            case 2 when input.Shape.Count > 0:
                input.Shape[random.Next(input.Shape.Count)] = Mutations.Pick(Sizes, random);
                break;
            case 3:
                input.Shape.Add(Enumerable.Repeat(Mutations.Pick(Sizes, random), random.Next(1, 40)));
                break;
            case 4:
                input.Contents = Contents(random);
                break;
            case 5:
                message.RawInputContents.Clear();
                input.Contents = Contents(random);
                break;
            case 6 when message.RawInputContents.Count > 0:
                message.RawInputContents[raw] = ByteString.CopyFrom(Mutations.Bytes(message.RawInputContents[raw].ToByteArray(), random));
                break;
            case 7 when message.RawInputContents.Count > 0:
                message.RawInputContents.RemoveAt(raw);
                break;
            case 8:
                message.Inputs.Add(input.Clone());
                break;
            case 9:
                message.Inputs.Remove(input);
                break;
            case 10:
                message.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = (random.Next(2) == 0 ? "y_" : "") + Mutations.Pick(Names, random) });
                break;
            case 11:
                message.ModelName = Mutations.Pick(Names, random);
                break;
            case 12:
                message.ModelVersion = Mutations.Pick(Names, random);
                break;
            default:
                input.Parameters[Mutations.Pick(Parameters, random)] = new InferParameter { Int64Param = Mutations.Pick(Sizes, random) };
                break;
        }
    }

    private static InferTensorContents Contents(Random random)
    {
        var contents = new InferTensorContents();
        for (var i = random.Next(0, 6); i > 0; i--)
        {
            var size = Mutations.Pick(Sizes, random);
            switch (random.Next(8))
            {
                case 0:
                    contents.BoolContents.Add(size != 0);
                    break;
                case 1:
                    contents.IntContents.Add((int)size);
                    break;
                case 2:
                    contents.Int64Contents.Add(size);
                    break;
                case 3:
                    contents.UintContents.Add((uint)size);
                    break;
                case 4:
                    contents.Uint64Contents.Add((ulong)size);
                    break;
                case 5:
                    contents.Fp32Contents.Add(size);
                    break;
                case 6:
                    contents.Fp64Contents.Add(size);
                    break;
                default:
                    contents.BytesContents.Add(ByteString.CopyFrom(Mutations.Random(random, random.Next(9))));
                    break;
            }
        }
        return contents;
    }

    private static byte[] Compressed(byte[] message, List<(string, string)> headers, Random random)
    {
        var encoding = Mutations.Pick(["gzip", "deflate"], random);
        headers.Add(("grpc-encoding", encoding));
        using var memory = new MemoryStream();
        using (Stream stream = encoding == "gzip" ^ random.Next(8) == 0
            ? new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true)
            : new ZLibStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(random.Next(50) == 0 ? new byte[400_000] : message);
        }
        var bytes = memory.ToArray();
        return GrpcClient.Frame(random.Next(3) == 0 ? Mutations.Bytes(bytes, random) : bytes, compressed: true);
    }

    private static List<(string Name, string Value)> Usual() =>
    [
        (":method", "POST"), (":scheme", "http"), (":path", "/inference.GRPCInferenceService/ModelInfer"), (":authority", "x"),
        ("content-type", "application/grpc"), ("te", "trailers"),
    ];

    private static void Set(List<(string Name, string Value)> headers, (string Name, string Value) header) =>
        headers[headers.FindIndex(one => one.Name == header.Name)] = header;
}
