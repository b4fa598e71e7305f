using System.Collections.Concurrent;
using System.Net.Sockets;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>A caller's side of one long-lived HTTP/2 connection: counts connections, and who answered.</summary>
internal sealed class OneConnection : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private int _connections;

    public OneConnection() => InnerHandler = new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            Interlocked.Increment(ref _connections);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>How many were opened.</summary>
    public int Connections => _connections;

    /// <summary>How many answers a revision gave.</summary>
    public int AnswersOf(string revision) => _answers.GetValueOrDefault(revision);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        _answers.AddOrUpdate(response.Headers.TryGetValues("x-model-revision", out var who) ? who.Single() : "", 1, (_, count) => count + 1);
        return response;
    }
}
