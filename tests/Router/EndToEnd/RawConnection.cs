using System.Net.Sockets;
using System.Text;

namespace ModelOperator.Router.Tests.EndToEnd;

/// <summary>A caller that writes its bytes itself, so that they may be wrong.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _tcp = new();

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection._tcp.ConnectAsync(server.Host, server.Port);
        return connection;
    }

    public async Task SendAsync(string text) => await _tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>What comes until the router closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var all = new MemoryStream();
        try
        {
            await _tcp.GetStream().CopyToAsync(all, patience.Token);
        }
        catch (IOException)
        {
            // Closed with bytes that nobody read: the router has said what it has to say before.
        }
        return Encoding.Latin1.GetString(all.ToArray());
    }

    /// <summary>Status codes of the answers to what is sent, the last of which has to close the connection.</summary>
    public static async Task<int[]> StatusesAsync(Uri server, string request)
    {
        using var connection = await OpenAsync(server);
        await connection.SendAsync(request);
        var text = await connection.ReadToEndAsync();
        return [.. text.Split("HTTP/1.1 ").Skip(1).Select(answer => int.Parse(answer.AsSpan(0, 3)))];
    }

    public void Dispose() => _tcp.Dispose();
}
