using System.Net;
using System.Net.Sockets;
using System.Text;
using ModelOperator.OnnxRuntime.Tests;

namespace ModelOperator.Serving.Tests.Protocol;

/// <summary>What a whole request through the server leaves for the garbage collector, asked by a client that leaves nothing.</summary>
[NonParallelizable]
internal sealed class RequestAllocationTests
{
    private const int Requests = 2000;
    private const int Limit = 2048;
    private const string Inputs = """{"inputs":[{"name":"x","shape":[1,64],"datatype":"FP32",""";

    [Test]
    public async Task A_request_with_raw_tensors_allocates_at_most_2_kilobytes() =>
        Assert.That(await BytesPerRequestAsync(Inputs + "\"parameters\":{\"binary_data_size\":256}}],\"parameters\":{\"binary_data_output\":true}}", new byte[256]), Is.AtMost(Limit));

    [Test]
    public async Task A_request_in_json_allocates_at_most_2_kilobytes() =>
        Assert.That(await BytesPerRequestAsync($"{Inputs}\"data\":[{string.Join(',', Enumerable.Range(0, 64))}]}}]}}", []), Is.AtMost(Limit));

    private static async Task<double> BytesPerRequestAsync(string json, byte[] raw)
    {
        await using var server = await RunningServer.StartAsync(
            new TinyModel().Input("x", TinyModel.Float, "n", 64).Output("y", TinyModel.Float, "n", 64).Node("Relu", ["x"], "y"));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Http.BaseAddress!.Port));
        byte[] request =
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /v2/models/tiny/infer HTTP/1.1\r\nHost: server\r\nContent-Type: application/json\r\nContent-Length: {json.Length + raw.Length}\r\n"
                + (raw.Length > 0 ? $"Inference-Header-Content-Length: {json.Length}\r\n" : "") + "\r\n" + json),
            .. raw,
        ];
        var answer = new byte[16 * 1024];
        var length = Ask(socket, request, answer);
        Assert.That(Encoding.ASCII.GetString(answer, 0, 15), Is.EqualTo("HTTP/1.1 200 OK"), Encoding.ASCII.GetString(answer, 0, length));
        for (var i = 0; i < Requests; i++)
        {
            Ask(socket, request, answer);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Requests; i++)
        {
            Ask(socket, request, answer);
        }
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
        TestContext.Out.WriteLine($"{bytes:0} B per request");
        return bytes;
    }

    private static int Ask(Socket socket, byte[] request, byte[] answer)
    {
        socket.Send(request);
        var length = 0;
        do
        {
            length += socket.Receive(answer.AsSpan(length));
        }
        while (!IsWhole(answer.AsSpan(0, length)));
        return length;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        var at = answer.IndexOf("Content-Length: "u8) + "Content-Length: ".Length;
        return end >= 0
            && System.Buffers.Text.Utf8Parser.TryParse(answer[at..], out int body, out _)
            && answer.Length >= end + 4 + body;
    }
}
