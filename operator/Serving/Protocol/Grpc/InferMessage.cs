using System.Buffers;
using Microsoft.Extensions.ObjectPool;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>The parts of a <c>ModelInferRequest</c>, as slices of the connection's buffers; kept for reuse.</summary>
internal sealed class InferMessage : IResettable
{
    public ReadOnlySequence<byte> ModelName { get; private set; }

    public ReadOnlySequence<byte> ModelVersion { get; private set; }

    public ReadOnlySequence<byte> Id { get; private set; }

    /// <summary>Each an <c>InferInputTensor</c>.</summary>
    public List<ReadOnlySequence<byte>> Inputs { get; } = [];

    /// <summary>Each an <c>InferRequestedOutputTensor</c>.</summary>
    public List<ReadOnlySequence<byte>> Outputs { get; } = [];

    public List<ReadOnlySequence<byte>> Raw { get; } = [];

    /// <param name="message">The message.</param>
    /// <param name="signature">Bounds how much of each kind there may be, before memory is spent on more.</param>
    /// <exception cref="ProtocolException">It is no such message.</exception>
    public void Parse(ReadOnlySequence<byte> message, ModelSignature signature)
    {
        var wire = new WireReader(message);
        while (wire.Next())
        {
            if (wire.Type != WireType.Bytes)
            {
                wire.Skip();
                continue;
            }
            switch (wire.Field)
            {
                case 1:
                    ModelName = wire.Bytes();
                    break;
                case 2:
                    ModelVersion = wire.Bytes();
                    break;
                case 3:
                    Id = wire.Bytes();
                    break;
                case 4:
                    InferParameters.Check(wire.Bytes(), "the request");
                    break;
                case 5:
                    Add(Inputs, ref wire, signature.Inputs.Length, "inputs; the model takes");
                    break;
                case 6:
                    Add(Outputs, ref wire, signature.Outputs.Length, "outputs; the model gives");
                    break;
                case 7:
                    Add(Raw, ref wire, signature.Inputs.Length, "raw_input_contents; the model takes");
                    break;
                default:
                    wire.Skip();
                    break;
            }
        }
    }

    public bool TryReset()
    {
        ModelName = ModelVersion = Id = default;
        Inputs.Clear();
        Outputs.Clear();
        Raw.Clear();
        return true;
    }

    private static void Add(List<ReadOnlySequence<byte>> list, ref WireReader wire, int max, string what)
    {
        if (list.Count == max)
        {
            throw ProtocolException.Invalid($"the request has more than {max} {what} {max}");
        }
        list.Add(wire.Bytes());
    }
}
