using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelOperator.OnnxRuntime.Tests;
using ModelOperator.Serving.Protocol.Grpc.Messages;
using ModelOperator.Serving.Tests.Fuzz;

namespace ModelOperator.Serving.Tests.Protocol.Grpc;

/// <summary>
/// What a whole call leaves for the garbage collector, from socket to socket. The client is a socket and two buffers, so
/// what the process allocates is the server's.
/// </summary>
[NonParallelizable]
internal sealed class GrpcAllocationTests
{
    private const int MaxBytes = 2048;
    private const int Requests = 1000;

    private readonly byte[] _answer = new byte[64 * 1024];

    private static readonly TinyModel Identity = new TinyModel()
        .Input("x", TinyModel.Float, "n", 64).Output("y", TinyModel.Float, "n", 64).Node("Identity", ["x"], "y");

    [Test]
    public async Task A_call_over_gRPC_with_raw_tensors_allocates_at_most_two_kilobytes()
    {
        await using var server = await RunningServer.StartAsync(Identity);
        var message = new ModelInferRequest
        {
            ModelName = "tiny",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, 64 } } },
            RawInputContents = { ByteString.CopyFrom(Raw()) },
        };
        var frames = Http2Frames.Call(
            1,
            [(":method", "POST"), (":scheme", "http"), (":path", "/inference.GRPCInferenceService/ModelInfer"), (":authority", "x"), ("content-type", "application/grpc"), ("te", "trailers")],
            GrpcClient.Frame(message.ToByteArray()));
        var dataFrame = 9 + (BinaryPrimitives.ReadInt32BigEndian(frames) >> 8);
        using var socket = Connect(server.Grpc);
        socket.Send(Http2Frames.Preface);
        var stream = -1;
        var ends = 0;

        AssertBytes(() =>
        {
            stream += 2;
            BinaryPrimitives.WriteInt32BigEndian(frames.AsSpan(5), stream);
            BinaryPrimitives.WriteInt32BigEndian(frames.AsSpan(dataFrame + 5), stream);
            socket.Send(frames);
            var bytes = 0;
            do
            {
                Receive(socket, 0, 9);
                var payload = BinaryPrimitives.ReadInt32BigEndian(_answer) >> 8;
                bytes += payload;
                Receive(socket, 9, payload);
            }
            while (!(_answer[3] == Http2Frames.Headers && (_answer[4] & Http2Frames.EndStream) != 0));
            ends += bytes > 256 ? 1 : 0;
        });
        Assert.That(ends, Is.EqualTo((stream + 1) / 2), "answers with a tensor");
    }

    private static void AssertBytes(Action request)
    {
        for (var i = 0; i < Requests; i++)
        {
            request();
        }
        // The smallest of three, as the runtime itself allocates now and then.
        var least = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Requests; i++)
            {
                request();
            }
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests);
        }
        TestContext.Out.WriteLine($"{least:0} B per request");
        Assert.That(least, Is.LessThanOrEqualTo(MaxBytes));
    }

    private void Receive(Socket socket, int at, int count)
    {
        for (var end = at + count; at < end;)
        {
            var read = socket.Receive(_answer, at, end - at, SocketFlags.None);
            at += read > 0 ? read : throw new EndOfStreamException("the server closed the connection");
        }
    }

    private static Socket Connect(Uri server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Parse(server.Host), server.Port);
        return socket;
    }

    private static byte[] Raw() => MemoryMarshal.AsBytes<float>(Enumerable.Range(1, 64).Select(i => i / 8f).ToArray()).ToArray();
}
