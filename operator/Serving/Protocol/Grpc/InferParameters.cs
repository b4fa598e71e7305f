using System.Buffers;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>Parameters of a request, an input or an output: allowed and ignored, but for those that would change the answer.</summary>
internal static class InferParameters
{
    /// <param name="entry">An entry of a <c>map&lt;string, InferParameter&gt;</c>.</param>
    /// <param name="owner">What it is a parameter of.</param>
    /// <exception cref="ProtocolException">What it asks for is not supported.</exception>
    public static void Check(ReadOnlySequence<byte> entry, string owner)
    {
        var wire = new WireReader(entry);
        while (wire.Next())
        {
            if (wire.Is(1, WireType.Bytes))
            {
                TensorParameters.CheckSupported(Shown.Of(wire.Bytes()), owner);
            }
            else
            {
                wire.Skip();
            }
        }
    }
}
