using System.Net;
using System.Net.Sockets;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>Ports for servers on this machine, and waiting for them.</summary>
internal static class LocalServers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Until the server answers this with success.</summary>
    /// <exception cref="InvalidOperationException">It does not in a minute; the message has its last answer.</exception>
    public static async Task AnswersAsync(Func<HttpRequestMessage> question, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string answer;
            try
            {
                using var request = question();
                using var response = await http.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
                answer = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}";
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                answer = failure.Message;
            }
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                using var request = question();
                throw new InvalidOperationException($"{request.RequestUri} does not answer as it should: {answer}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }
}
