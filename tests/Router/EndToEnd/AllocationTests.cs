using System.Net;
using System.Net.Sockets;
using System.Text;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.EndToEnd;

[NonParallelizable]
internal sealed class AllocationTests
{
    private const int Requests = 2000;

    // What the server and the exchange with the pod need, with room for another version of the server; a copy of a body would show.
    private const int Bound = 4_000;

    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        $"POST /default/digits/v2/models/digits/infer HTTP/1.1\r\nHost: r\r\nContent-Type: application/json\r\nContent-Length: 1024\r\n\r\n{new string('x', 1024)}");

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1024\r\n\r\n{new string('y', 1024)}");

    [Test]
    public async Task A_request_costs_little_memory_whatever_its_body()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        await using (var router = await RouterUnderTest.StartAsync())
        {
            router.Serve(new TestRoute().Stable(100, $"{listener.LocalEndpoint}"));
            using var caller = new TcpClient();
            await caller.ConnectAsync(router.Data.Host, router.Data.Port);
            var buffer = new byte[64 * 1024];
            await AskAsync(caller.GetStream(), buffer, 500);

            var before = GC.GetTotalAllocatedBytes(precise: true);
            await AskAsync(caller.GetStream(), buffer, Requests);
            var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests;

            await TestContext.Out.WriteLineAsync($"{each} bytes for a request");
            Assert.That(each, Is.LessThan(Bound));
        }
        await serving;
    }

    private static async Task AskAsync(NetworkStream router, byte[] buffer, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await router.WriteAsync(Request);
            var length = 0;
            var end = 0;
            while (end == 0 || length < end + 1024)
            {
                length += await router.ReadAsync(buffer.AsMemory(length));
                if (end == 0 && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is > 0 and var head)
                {
                    end = head + 4;
                }
            }
        }
    }

    // One connection at a time is what one caller at a time needs.
    private static async Task ServeAsync(TcpListener listener)
    {
        using var router = await listener.AcceptSocketAsync();
        router.NoDelay = true;
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (await router.ReceiveAsync(buffer.AsMemory(length)) is > 0 and var read)
        {
            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is > 0 and var head && length >= head + 4 + 1024)
            {
                length = 0;
                await router.SendAsync(Answer);
            }
        }
    }
}
