using System.Buffers.Binary;

namespace ModelOperator.Router.Mirroring;

/// <summary>How messages stand in the body of a gRPC call: a byte that says whether it is compressed, four of length, the message.</summary>
internal static class GrpcFrame
{
    private const int HeadLength = 5;

    /// <summary>The message of a call that has one.</summary>
    /// <returns>Empty: there is no whole message, or more than one. Null: it is compressed.</returns>
    public static ReadOnlyMemory<byte>? Unwrap(ReadOnlyMemory<byte> body)
    {
        if (body.Length < HeadLength || BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]) != body.Length - HeadLength)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
        // A bare null would be taken for an empty array.
        return body.Span[0] == 0 ? body[HeadLength..] : (ReadOnlyMemory<byte>?)null;
    }
}
