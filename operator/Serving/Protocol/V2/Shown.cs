using System.Buffers;
using System.Text;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>What a caller sent, cut to a length that fits into a message.</summary>
internal static class Shown
{
    private const int MaxLength = 64;

    public static string Of(string? text) => text is { Length: > MaxLength } ? text[..MaxLength] + "..." : text ?? "";

    public static string Of(ReadOnlySpan<byte> utf8) => utf8.Length > MaxLength
        ? Encoding.UTF8.GetString(utf8[..MaxLength]) + "..."
        : Encoding.UTF8.GetString(utf8);

    public static string Of(ReadOnlySequence<byte> utf8) => utf8.Length > MaxLength
        ? Encoding.UTF8.GetString(utf8.Slice(0, MaxLength)) + "..."
        : Encoding.UTF8.GetString(utf8);
}
