using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.OpenInference.Grpc;

/// <summary>Tensors in the messages of requests and answers.</summary>
internal static class GrpcTensors
{
    /// <summary>A request on zeros with typed contents.</summary>
    /// <exception cref="NotApplicableException">An input has none: FP16 and BF16 travel raw.</exception>
    public static ModelInferRequest Typed(this Subject subject)
    {
        var request = subject.Request();
        foreach (var (input, tensor) in request.Inputs.Zip(subject.Zeros()))
        {
            input.Contents = Contents(tensor);
        }
        return request;
    }

    /// <summary>A request on zeros with raw contents.</summary>
    public static ModelInferRequest Raw(this Subject subject)
    {
        var request = subject.Request();
        request.RawInputContents.AddRange(subject.Zeros().Select(tensor => ByteString.CopyFrom(tensor.Data)));
        return request;
    }

    /// <summary>What the model answers, in the order of the answer.</summary>
    /// <exception cref="NonConformanceException">It is not formed as the specification says.</exception>
    public static Tensor[] Outputs(this ModelInferResponse response)
    {
        var raw = response.RawOutputContents;
        Expect.True(raw.Count == 0 || raw.Count == response.Outputs.Count, $"there are {raw.Count} raw contents for {response.Outputs.Count} outputs");
        Expect.True(raw.Count == 0 || response.Outputs.All(output => output.Contents is null), "an output has contents beside raw ones");
        return
        [
            .. response.Outputs.Select((output, i) => new Tensor(
                output.Name, output.Datatype, [.. output.Shape], raw.Count > 0 ? raw[i].ToByteArray() : Bytes(output.Name, output.Datatype, output.Contents))),
        ];
    }

    private static Tensor[] Zeros(this Subject subject) => [.. subject.Model.Inputs.Select(input => input.Zeros())];

    private static ModelInferRequest Request(this Subject subject)
    {
        var request = new ModelInferRequest { ModelName = subject.Model.Name };
        foreach (var tensor in subject.Zeros())
        {
            var input = new ModelInferRequest.Types.InferInputTensor { Name = tensor.Name, Datatype = tensor.Datatype };
            input.Shape.AddRange(tensor.Shape);
            request.Inputs.Add(input);
        }
        return request;
    }

    private static InferTensorContents Contents(Tensor tensor)
    {
        var contents = new InferTensorContents();
        var count = (int)tensor.Elements;
        switch (tensor.Datatype)
        {
            case "BOOL":
                contents.BoolContents.AddRange(new bool[count]);
                break;
            case "INT8" or "INT16" or "INT32":
                contents.IntContents.AddRange(new int[count]);
                break;
            case "INT64":
                contents.Int64Contents.AddRange(new long[count]);
                break;
            case "UINT8" or "UINT16" or "UINT32":
                contents.UintContents.AddRange(new uint[count]);
                break;
            case "UINT64":
                contents.Uint64Contents.AddRange(new ulong[count]);
                break;
            case "FP32":
                contents.Fp32Contents.AddRange(new float[count]);
                break;
            case "FP64":
                contents.Fp64Contents.AddRange(new double[count]);
                break;
            case Datatypes.Bytes:
                contents.BytesContents.AddRange(Enumerable.Repeat(ByteString.CopyFromUtf8("0"), count));
                break;
            default:
                throw new NotApplicableException($"'{tensor.Name}' is {tensor.Datatype}, which has no typed contents");
        }
        return contents;
    }

    private static byte[] Bytes(string name, string datatype, InferTensorContents? contents) => (datatype, contents) switch
    {
        (_, null) => [],
        ("BOOL", _) => [.. contents.BoolContents.Select(value => value ? (byte)1 : (byte)0)],
        ("INT8", _) => [.. contents.IntContents.Select(value => (byte)(sbyte)value)],
        ("INT16", _) => Bytes(contents.IntContents.Select(value => (short)value)),
        ("INT32", _) => Bytes(contents.IntContents),
        ("INT64", _) => Bytes(contents.Int64Contents),
        ("UINT8", _) => [.. contents.UintContents.Select(value => (byte)value)],
        ("UINT16", _) => Bytes(contents.UintContents.Select(value => (ushort)value)),
        ("UINT32", _) => Bytes(contents.UintContents),
        ("UINT64", _) => Bytes(contents.Uint64Contents),
        ("FP32", _) => Bytes(contents.Fp32Contents),
        ("FP64", _) => Bytes(contents.Fp64Contents),
        (Datatypes.Bytes, _) => [.. contents.BytesContents.SelectMany(Prefixed)],
        _ => throw new NonConformanceException($"output '{name}' of {datatype} is not raw"),
    };

    private static byte[] Bytes<T>(IEnumerable<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values.ToArray()).ToArray();

    private static byte[] Prefixed(ByteString text)
    {
        var bytes = new byte[sizeof(uint) + text.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)text.Length);
        text.CopyTo(bytes, sizeof(uint));
        return bytes;
    }
}
