using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>One picture for the digits model, in each form of the protocol.</summary>
internal static class DigitRequest
{
    public const string Model = "digits";
    public const string Input = "image";
    public const int Pixels = 64;
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    public static float[] Picture { get; } = [.. Enumerable.Range(0, Pixels).Select(i => (float)(i * 7 % 17))];

    public static byte[] Raw { get; } = MemoryMarshal.AsBytes(Picture.AsSpan()).ToArray();

    public static byte[] Json { get; } = Encoding.UTF8.GetBytes(
        $$"""{"inputs":[{"name":"image","shape":[1,64],"datatype":"FP32","data":[{{string.Join(',', Picture.Select(pixel => pixel.ToString(CultureInfo.InvariantCulture)))}}]}]}""");

    /// <summary>The JSON before the raw bytes: it asks for raw bytes back.</summary>
    public static byte[] BinaryHead { get; } = Encoding.UTF8.GetBytes(
        """{"inputs":[{"name":"image","shape":[1,64],"datatype":"FP32","parameters":{"binary_data_size":256}}],"parameters":{"binary_data_output":true}}""");

    public static byte[] Binary { get; } = [.. BinaryHead, .. Raw];

    /// <summary>A <c>ModelInferRequest</c> with raw contents, behind gRPC's five bytes of framing.</summary>
    public static byte[] Grpc { get; } = Framed(Message());

    private static byte[] Message()
    {
        using var input = new MemoryStream();
        using (var output = new CodedOutputStream(input, leaveOpen: true))
        {
            Field(output, 1, Encoding.UTF8.GetBytes(Input));
            Field(output, 2, "FP32"u8);
            Field(output, 3, [1, Pixels]);
        }
        using var message = new MemoryStream();
        using (var output = new CodedOutputStream(message, leaveOpen: true))
        {
            Field(output, 1, Encoding.UTF8.GetBytes(Model));
            Field(output, 5, input.ToArray());
            Field(output, 7, Raw);
        }
        return message.ToArray();
    }

    private static void Field(CodedOutputStream output, int number, ReadOnlySpan<byte> value)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    private static byte[] Framed(byte[] message) =>
        [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];
}
