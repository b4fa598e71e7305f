using Google.Protobuf;

namespace ModelOperator.Router.Mirroring;

/// <summary>
/// Reads a <c>ModelInferResponse</c> of the open inference protocol's gRPC service: tensors as typed contents, or as bytes after
/// all of them.
/// </summary>
internal static class GrpcV2Answer
{
    private const string Method = "/inference.GRPCInferenceService/ModelInfer";

    // Field numbers of ModelInferResponse, InferOutputTensor and InferTensorContents.
    private const int Outputs = 5;
    private const int RawContents = 6;
    private const int Name = 1;
    private const int DataType = 2;
    private const int Shape = 3;
    private const int Contents = 5;
    private const int Texts = 8;

    /// <summary>Whether a call of this path is answered with such a message.</summary>
    public static bool IsOf(string path) => path == Method;

    /// <summary>The outputs; null when the message breaks the protocol's rules.</summary>
    public static IReadOnlyList<V2Tensor>? Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            List<ByteString> outputs = [];
            List<ByteString> raw = [];
            var input = new CodedInputStream(message.ToArray());
            while (input.ReadTag() is not 0 and var tag)
            {
                switch (WireFormat.GetTagFieldNumber(tag))
                {
                    case Outputs:
                        outputs.Add(input.ReadBytes());
                        break;
                    case RawContents:
                        raw.Add(input.ReadBytes());
                        break;
                    default:
                        input.SkipLastField();
                        break;
                }
            }
            return raw.Count > 0 && raw.Count != outputs.Count
                ? null
                : [.. outputs.Select((output, i) => Tensor(output.CreateCodedInput(), raw.Count > 0 ? raw[i] : null))];
        }
        catch (Exception malformed) when (malformed is InvalidProtocolBufferException or FormatException)
        {
            return null;
        }
    }

    private static V2Tensor Tensor(CodedInputStream output, ByteString? raw)
    {
        var (name, type) = ("", "");
        List<long> shape = [];
        List<double> numbers = [];
        List<string> texts = [];
        while (output.ReadTag() is not 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case Name:
                    name = output.ReadString();
                    break;
                case DataType:
                    type = output.ReadString();
                    break;
                case Shape:
                    Repeated(output, tag, part => shape.Add(part.ReadInt64()));
                    break;
                case Contents:
                    ReadContents(output.ReadBytes().CreateCodedInput(), numbers, texts);
                    break;
                default:
                    output.SkipLastField();
                    break;
            }
        }
        return (type, raw) switch
        {
            ("BYTES", not null) => new V2Tensor(name, type, [.. shape], null, BinaryTensor.Texts(raw.Span)),
            ("BYTES", null) => new V2Tensor(name, type, [.. shape], null, [.. texts]),
            (_, not null) => new V2Tensor(name, type, [.. shape], BinaryTensor.Numbers(type, raw.Span), null),
            _ => new V2Tensor(name, type, [.. shape], [.. numbers], null),
        };
    }

    private static void ReadContents(CodedInputStream contents, List<double> numbers, List<string> texts)
    {
        while (contents.ReadTag() is not 0 and var tag)
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            if (field == Texts)
            {
                texts.Add(contents.ReadString());
            }
            else if (NumberReader(field) is { } read)
            {
                Repeated(contents, tag, part => numbers.Add(read(part)));
            }
            else
            {
                contents.SkipLastField();
            }
        }
    }

    private static Func<CodedInputStream, double>? NumberReader(int field) => field switch
    {
        1 => part => part.ReadBool() ? 1 : 0,
        2 => part => part.ReadInt32(),
        3 => part => part.ReadInt64(),
        4 => part => part.ReadUInt32(),
        5 => part => part.ReadUInt64(),
        6 => part => part.ReadFloat(),
        7 => part => part.ReadDouble(),
        _ => null,
    };

    // Numbers are packed by default, and one by one is allowed.
    private static void Repeated(CodedInputStream input, uint tag, Action<CodedInputStream> readOne)
    {
        if (WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
        {
            readOne(input);
            return;
        }
        var packed = input.ReadBytes().CreateCodedInput();
        while (!packed.IsAtEnd)
        {
            readOne(packed);
        }
    }
}
