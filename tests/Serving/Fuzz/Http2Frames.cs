using System.Buffers.Binary;
using System.Text;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>The frames of HTTP/2 that a call takes (RFC 9113), with headers as plain literals (RFC 7541).</summary>
internal static class Http2Frames
{
    public const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, Continuation = 9;
    public const byte EndStream = 1, Ack = 1, EndHeaders = 4;

    private const int MaxData = 16 * 1024;
    private const int TableSize = 1, WindowSize = 4;

    /// <summary>What opens a connection: no table of headers, and as much room for answers as there can be.</summary>
    public static byte[] Preface =>
    [
        .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
        .. Frame(Settings, 0, 0, [.. Setting(TableSize, 0), .. Setting(WindowSize, int.MaxValue)]),
        .. Frame(8, 0, 0, [0x7f, 0xff, 0, 0]),
    ];

    public static byte[] Call(int stream, List<(string Name, string Value)> headers, byte[] body)
    {
        var frames = new List<byte>();
        frames.AddRange(Frame(Headers, body.Length == 0 ? (byte)(EndHeaders | EndStream) : EndHeaders, stream, Block(headers)));
        for (var at = 0; at < body.Length; at += MaxData)
        {
            var end = Math.Min(at + MaxData, body.Length);
            frames.AddRange(Frame(Data, end == body.Length ? EndStream : (byte)0, stream, body[at..end]));
        }
        return [.. frames];
    }

    /// <summary>A whole connection with one call.</summary>
    public static byte[] Connection(List<(string Name, string Value)> headers, byte[] body) => [.. Preface, .. Call(1, headers, body)];

    public static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>Of an answer's headers, those that matter here: the statuses.</summary>
    public static IEnumerable<(string Name, string Value)> Statuses(byte[] block)
    {
        for (var at = 0; at < block.Length;)
        {
            var first = block[at];
            if (first >= 0x80)
            {
                var index = Number(block, ref at, 7);
                if (index is >= 8 and <= 14)
                {
                    yield return (":status", ((int[])[200, 204, 206, 304, 400, 404, 500])[index - 8].ToString());
                }
                continue;
            }
            if (first is >= 0x20 and < 0x40)
            {
                Number(block, ref at, 5);
                continue;
            }
            var name = Number(block, ref at, first >= 0x40 ? 6 : 4);
            var text = name == 0 ? Text(block, ref at) : name is >= 8 and <= 14 ? ":status" : "";
            yield return (text, Text(block, ref at));
        }
    }

    private static byte[] Setting(short id, int value)
    {
        var setting = new byte[6];
        BinaryPrimitives.WriteInt16BigEndian(setting, id);
        BinaryPrimitives.WriteInt32BigEndian(setting.AsSpan(2), value);
        return setting;
    }

    private static byte[] Block(List<(string Name, string Value)> headers) =>
        [.. headers.SelectMany(header => (byte[])[0, .. Literal(header.Name), .. Literal(header.Value)])];

    private static byte[] Literal(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var length = new List<byte>();
        if (bytes.Length < 127)
        {
            length.Add((byte)bytes.Length);
        }
        else
        {
            length.Add(127);
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7)
            {
                length.Add((byte)((rest & 127) | 128));
            }
            length.Add((byte)rest);
        }
        return [.. length, .. bytes];
    }

    private static int Number(byte[] block, ref int at, int bits)
    {
        var mask = (1 << bits) - 1;
        var value = block[at++] & mask;
        if (value < mask)
        {
            return value;
        }
        for (var shift = 0; ; shift += 7)
        {
            var next = block[at++];
            value += (next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }

    // The server does not use Huffman's code.
    private static string Text(byte[] block, ref int at)
    {
        var plain = block[at] < 0x80;
        var length = Number(block, ref at, 7);
        at += length;
        return plain ? Encoding.Latin1.GetString(block, at - length, length) : "";
    }
}
