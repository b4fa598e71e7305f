using System.Buffers;
using System.Text;
using System.Text.Unicode;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>Makes a checked request of a message: raw tensors go from the connection's buffers straight into the model's.</summary>
internal static class InferMessageReader
{
    private const int MaxRank = 32;

    /// <exception cref="ProtocolException">The request does not fit the model.</exception>
    public static InferRequest Read(InferMessage message, ModelSignature signature)
    {
        if (message.Raw.Count > 0 && message.Raw.Count != message.Inputs.Count)
        {
            throw ProtocolException.Invalid(
                $"raw_input_contents has {message.Raw.Count} entries, expected {message.Inputs.Count}, one for each input");
        }
        var request = new InferRequest(signature);
        try
        {
            request.Id = message.Id.IsEmpty ? null : Text(message.Id, "id");
            for (var i = 0; i < message.Inputs.Count; i++)
            {
                ReadInput(message.Inputs[i], message.Raw.Count > 0 ? message.Raw[i] : null, signature, request);
            }
            ShapeCheck.AllGiven(signature, request.Inputs);
            ShapeCheck.SymbolsAgree(signature, request.Inputs);
            request.Outputs = Outputs(message, signature);
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static void ReadInput(ReadOnlySequence<byte> input, ReadOnlySequence<byte>? raw, ModelSignature signature, InferRequest request)
    {
        ReadOnlySequence<byte> name = default, datatype = default;
        ReadOnlySequence<byte>? contents = null;
        Span<long> dimensions = stackalloc long[MaxRank];
        var rank = 0;
        var wire = new WireReader(input);
        while (wire.Next())
        {
            switch (wire.Field, wire.Type)
            {
                case (1, WireType.Bytes):
                    name = wire.Bytes();
                    break;
                case (2, WireType.Bytes):
                    datatype = wire.Bytes();
                    break;
                case (3, WireType.Varint):
                    Add(dimensions, ref rank, (long)wire.Varint());
                    break;
                case (3, WireType.Bytes):
                    for (var packed = new WireReader(wire.Bytes()); !packed.End;)
                    {
                        Add(dimensions, ref rank, (long)packed.Varint());
                    }
                    break;
                case (4, WireType.Bytes):
                    InferParameters.Check(wire.Bytes(), "an input");
                    break;
                case (5, WireType.Bytes):
                    contents = contents is null ? wire.Bytes() : throw ProtocolException.Invalid("an input has its contents twice");
                    break;
                default:
                    wire.Skip();
                    break;
            }
        }
        var index = InputIndex(signature, name, request);
        var spec = signature.Inputs[index];
        CheckType(spec, datatype);
        var shape = ShapeCheck.Shape(spec, dimensions[..rank].ToArray());
        request.Inputs[index] = (raw, contents) switch
        {
            ({ } bytes, null or { IsEmpty: true }) => RawTensor.Read(spec, shape, bytes, "its raw_input_contents"),
            (null, { } typed) => TensorContents.Read(spec, shape, typed),
            ({ }, { }) => throw ProtocolException.Invalid(
                $"input '{spec.Name}' has contents, but the request has raw_input_contents; a request has either"),
            // An input of no elements has nothing to send.
            (null, null) => TensorContents.Read(spec, shape, default),
        };
    }

    private static void Add(Span<long> dimensions, ref int rank, long dimension)
    {
        if (rank == MaxRank)
        {
            throw ProtocolException.Invalid($"\"shape\" of an input has more than {MaxRank} dimensions");
        }
        dimensions[rank++] = dimension;
    }

    private static int InputIndex(ModelSignature signature, ReadOnlySequence<byte> name, InferRequest request)
    {
        var index = IndexOf(signature.Inputs, name);
        if (index < 0)
        {
            throw ProtocolException.Invalid(name.IsEmpty
                ? "an input has no name"
                : $"unexpected input '{Shown.Of(name)}'; the model takes {ShapeCheck.Names(signature.Inputs)}");
        }
        return request.Inputs[index] is null
            ? index
            : throw ProtocolException.Invalid($"input '{signature.Inputs[index].Name}' is given twice");
    }

    private static void CheckType(TensorSpec spec, ReadOnlySequence<byte> datatype)
    {
        if (!Is(datatype, spec.Type.NameUtf8()))
        {
            ShapeCheck.Type(spec, Shown.Of(datatype));
        }
    }

    private static RequestedOutput[] Outputs(InferMessage message, ModelSignature signature)
    {
        List<(int Index, bool? Binary)>? requested = null;
        foreach (var output in message.Outputs)
        {
            ReadOnlySequence<byte> name = default;
            var wire = new WireReader(output);
            while (wire.Next())
            {
                switch (wire.Field, wire.Type)
                {
                    case (1, WireType.Bytes):
                        name = wire.Bytes();
                        break;
                    case (2, WireType.Bytes):
                        InferParameters.Check(wire.Bytes(), "an output");
                        break;
                    default:
                        wire.Skip();
                        break;
                }
            }
            var index = IndexOf(signature.Outputs, name);
            requested ??= [];
            requested.Add((index >= 0 ? RequestedOutputs.Once(signature, index, requested) : throw Unknown(signature, name), true));
        }
        return RequestedOutputs.Resolve(signature, requested, binaryByDefault: true);
    }

    private static ProtocolException Unknown(ModelSignature signature, ReadOnlySequence<byte> name) => name.IsEmpty
        ? ProtocolException.Invalid("an output has no name")
        : RequestedOutputs.Unexpected(signature, Shown.Of(name));

    private static int IndexOf(TensorSpec[] tensors, ReadOnlySequence<byte> name)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            if (Is(name, tensors[i].NameUtf8))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Whether a slice, which may span several buffers, holds just these bytes.</summary>
    public static bool Is(ReadOnlySequence<byte> slice, ReadOnlySpan<byte> bytes)
    {
        if (slice.IsSingleSegment)
        {
            return slice.FirstSpan.SequenceEqual(bytes);
        }
        return slice.Length == bytes.Length && new SequenceReader<byte>(slice).IsNext(bytes);
    }

    private static string Text(ReadOnlySequence<byte> utf8, string what)
    {
        var bytes = utf8.IsSingleSegment ? utf8.FirstSpan : utf8.ToArray();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw ProtocolException.Invalid($"\"{what}\" is no valid UTF-8");
    }
}
