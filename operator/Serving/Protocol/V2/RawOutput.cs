using System.Buffers;
using System.Buffers.Binary;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>An output as raw bytes, over REST and gRPC alike; see <see cref="RawTensor"/>.</summary>
internal static class RawOutput
{
    public static long Size(OutputTensor output)
    {
        if (output.Spec.Type != DataType.Bytes)
        {
            return (long)output.Elements * output.Spec.Type.Size();
        }
        long size = 0;
        for (var i = 0; i < output.Elements; i++)
        {
            size += sizeof(uint) + output.Text(i).Length;
        }
        return size;
    }

    public static void Write(IBufferWriter<byte> bytes, OutputTensor output)
    {
        if (output.Spec.Type != DataType.Bytes)
        {
            bytes.Write(output.Data);
            return;
        }
        for (var i = 0; i < output.Elements; i++)
        {
            var text = output.Text(i);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.GetSpan(sizeof(uint)), (uint)text.Length);
            bytes.Advance(sizeof(uint));
            bytes.Write(text);
        }
    }
}
