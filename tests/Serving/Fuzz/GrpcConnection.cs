using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Sockets;
using static ModelOperator.Serving.Tests.Fuzz.Http2Frames;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>HTTP/2 that sends what it is given, right or wrong; one call after the other.</summary>
internal sealed class GrpcConnection(Uri server) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Less than the server's window for a connection, so that its updates need not be counted.</summary>
    private const int MaxSent = 500_000;

    private Socket? _socket;
    private NetworkStream? _stream;
    private int _nextId;
    private int _sent;

    /// <exception cref="OperationCanceledException">The server did not answer: it hangs.</exception>
    public async Task<FuzzReply> SendAsync(GrpcCase call)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if (call.SpoiltFrames is { } spoilt)
            {
                await DisposeAsync();
                await OpenAsync(spoilt, patience.Token);
                _socket!.Shutdown(SocketShutdown.Send);
                var reply = await ReadAsync(1, patience.Token);
                await DisposeAsync();
                return reply;
            }
            if (_stream is null || _sent + call.Body.Length > MaxSent)
            {
                await DisposeAsync();
                await OpenAsync(Preface, patience.Token);
            }
            var id = _nextId;
            _nextId += 2;
            _sent += call.Body.Length;
            await _stream!.WriteAsync(Call(id, call.Headers, call.Body), patience.Token);
            return await ReadAsync(id, patience.Token);
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

    private async Task OpenAsync(byte[] first, CancellationToken cancellationToken)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await _socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        _stream = new NetworkStream(_socket, ownsSocket: false);
        (_nextId, _sent) = (1, 0);
        await _stream.WriteAsync(first, cancellationToken);
    }

    private async Task<FuzzReply> ReadAsync(int id, CancellationToken cancellationToken)
    {
        var (status, call) = (0, -1);
        var body = new List<byte>();
        var block = new List<byte>();
        var head = new byte[9];
        while (true)
        {
            await _stream!.ReadExactlyAsync(head, cancellationToken);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            await _stream.ReadExactlyAsync(payload, cancellationToken);
            var (type, flags, stream) = (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)));
            switch (type)
            {
                case Settings or Ping when (flags & Ack) == 0:
                    await _stream.WriteAsync(Frame(type, Ack, 0, type == Ping ? payload : []), cancellationToken);
                    break;
                case GoAway:
                    await DisposeAsync();
                    return new FuzzReply(status, call, null, [.. body]);
                case Reset when stream == id:
                    return new FuzzReply(status, call, null, [.. body]);
                case Data when stream == id:
                    body.AddRange(payload);
                    break;
                case Headers or Continuation when stream == id:
                    block.AddRange(payload);
                    if ((flags & EndHeaders) != 0)
                    {
                        foreach (var (name, value) in Statuses([.. block]))
                        {
                            status = name == ":status" ? int.Parse(value) : status;
                            call = name == "grpc-status" ? int.Parse(value) : call;
                        }
                        block.Clear();
                    }
                    break;
                default:
                    break;
            }
            if (stream == id && type is Data or Headers && (flags & EndStream) != 0)
            {
                return new FuzzReply(status, call, null, Message([.. body]));
            }
        }
    }

    private static byte[] Message(byte[] body)
    {
        if (body.Length < 5 || body[0] == 0)
        {
            return body.Length < 5 ? body : body[5..];
        }
        using var source = new MemoryStream(body[5..]);
        // The first byte of gzip; zlib begins otherwise.
        using Stream stream = body[5] == 0x1f ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
