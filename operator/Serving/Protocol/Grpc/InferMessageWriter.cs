using System.Buffers;
using System.Text;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>
/// Writes a <c>ModelInferResponse</c>: outputs go from the model's memory straight into the connection's buffers, always
/// in <c>raw_output_contents</c>, as Triton does.
/// </summary>
internal sealed class InferMessageWriter(ModelIdentity model)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(model.Name);
    private readonly byte[] _version = Encoding.UTF8.GetBytes(model.Version);

    /// <returns>The length of the message; more than <see cref="int.MaxValue"/> cannot be sent.</returns>
    public long Size(InferRequest request, ReadOnlySpan<OutputTensor> outputs)
    {
        var size = WireWriter.FieldSize(_name.Length) + WireWriter.FieldSize(_version.Length);
        if (request.Id is { } id)
        {
            size += WireWriter.FieldSize(Encoding.UTF8.GetByteCount(id));
        }
        foreach (var output in outputs)
        {
            size += WireWriter.FieldSize(DescriptionSize(output)) + WireWriter.FieldSize(RawOutput.Size(output));
        }
        return size;
    }

    public void Write(IBufferWriter<byte> writer, InferRequest request, ReadOnlySpan<OutputTensor> outputs)
    {
        WireWriter.Bytes(writer, 1, _name);
        WireWriter.Bytes(writer, 2, _version);
        if (request.Id is { } id)
        {
            WireWriter.Header(writer, 3, Encoding.UTF8.GetByteCount(id));
            Encoding.UTF8.GetBytes(id, writer);
        }
        foreach (var output in outputs)
        {
            WireWriter.Header(writer, 5, DescriptionSize(output));
            WireWriter.Bytes(writer, 1, output.Spec.NameUtf8);
            WireWriter.Bytes(writer, 2, output.Spec.Type.NameUtf8());
            if (output.Shape.Length > 0)
            {
                WireWriter.Header(writer, 3, ShapeSize(output));
                foreach (var dimension in output.Shape)
                {
                    WireWriter.Varint(writer, (ulong)dimension);
                }
            }
        }
        foreach (var output in outputs)
        {
            WireWriter.Header(writer, 6, RawOutput.Size(output));
            RawOutput.Write(writer, output);
        }
    }

    private static long DescriptionSize(OutputTensor output) =>
        WireWriter.FieldSize(output.Spec.NameUtf8.Length)
        + WireWriter.FieldSize(output.Spec.Type.NameUtf8().Length)
        + (output.Shape.Length > 0 ? WireWriter.FieldSize(ShapeSize(output)) : 0);

    private static long ShapeSize(OutputTensor output)
    {
        long size = 0;
        foreach (var dimension in output.Shape)
        {
            size += WireWriter.VarintSize((ulong)dimension);
        }
        return size;
    }
}
