using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>HTTP/1.1 that sends what it is given, right or wrong.</summary>
internal sealed class RestConnection(Uri server) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Socket? _socket;
    private NetworkStream? _stream;

    /// <exception cref="OperationCanceledException">The server did not answer: it hangs.</exception>
    public async Task<FuzzReply> SendAsync(RestCase request)
    {
        using var patience = new CancellationTokenSource(Patience);
        var stream = await ConnectAsync(patience.Token);
        try
        {
            await stream.WriteAsync(request.Bytes, patience.Token);
            if (!request.Framed)
            {
                _socket!.Shutdown(SocketShutdown.Send);
            }
            var (reply, open) = await ReadAsync(stream, patience.Token);
            if (!request.Framed)
            {
                // Whatever else it answers, it has to end.
                var rest = new byte[4096];
                while (await stream.ReadAsync(rest, patience.Token) > 0)
                {
                }
            }
            if (!open || !request.Framed)
            {
                await DisposeAsync();
            }
            return reply;
        }
        catch (Exception failure) when (failure is IOException or SocketException or EndOfStreamException)
        {
            await DisposeAsync();
            return new FuzzReply(0, -1, null, []);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
        _socket?.Dispose();
        (_socket, _stream) = (null, null);
    }

    private async Task<NetworkStream> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_stream is not null)
        {
            return _stream;
        }
        // No lingering: a run makes more connections than there are ports to wait for.
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await _socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        return _stream = new NetworkStream(_socket, ownsSocket: false);
    }

    private static async Task<(FuzzReply Reply, bool Open)> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var status = await LineAsync(stream, cancellationToken);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(stream, cancellationToken) is { Length: > 0 } line)
        {
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        }
        var code = int.Parse(status.Split(' ')[1]);
        var body = headers.TryGetValue("Content-Length", out var length) ? await ExactlyAsync(stream, int.Parse(length), cancellationToken)
            : headers.ContainsKey("Transfer-Encoding") ? await ChunksAsync(stream, cancellationToken)
            : [];
        var json = headers.TryGetValue("Inference-Header-Content-Length", out var text) ? int.Parse(text) : default(int?);
        var open = !(headers.TryGetValue("Connection", out var connection) && connection == "close");
        return (new FuzzReply(code, -1, json, Decompress(headers.GetValueOrDefault("Content-Encoding"), body)), open);
    }

    private static async Task<string> LineAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < 2 || line[^1] != '\n')
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            line.Append((char)one[0]);
        }
        return line.ToString(0, line.Length - 2);
    }

    private static async Task<byte[]> ExactlyAsync(NetworkStream stream, int length, CancellationToken cancellationToken)
    {
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return body;
    }

    private static async Task<byte[]> ChunksAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var body = new List<byte>();
        while (int.Parse(await LineAsync(stream, cancellationToken), NumberStyles.HexNumber) is var length and > 0)
        {
            body.AddRange(await ExactlyAsync(stream, length, cancellationToken));
            await LineAsync(stream, cancellationToken);
        }
        await LineAsync(stream, cancellationToken);
        return [.. body];
    }

    private static byte[] Decompress(string? encoding, byte[] body)
    {
        if (encoding is null || body.Length == 0)
        {
            return body;
        }
        using var source = new MemoryStream(body);
        using Stream stream = encoding == "gzip" ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
