using System.Net;

namespace ModelOperator.EndToEnd.Tests.Install;

/// <summary>
/// A store whose file changes while it is being downloaded: the first two callers, who get their answers together, get different bytes, and
/// later ones wait until it is settled which.
/// </summary>
internal sealed class TwoFacedStore : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource<string> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _first;
    private readonly string _second;
    private int _asked;

    public TwoFacedStore(string first, string second)
    {
        (_first, _second) = (first, second);
        using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Uri = $"http://127.0.0.1:{port}/model.onnx";
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Uri { get; }

    /// <summary>Says which file it is from now on.</summary>
    public void Settle(string path) => _settled.SetResult(path);

    public void Dispose() => _listener.Close();

    private async Task AcceptAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var number = 0;
        if (context.Request.HttpMethod == "GET" && (number = Interlocked.Increment(ref _asked)) == 2)
        {
            _both.SetResult();
        }

        if (number == 1)
        {
            await _both.Task;
        }

        var bytes = await File.ReadAllBytesAsync(number switch { 0 or 1 => _first, 2 => _second, _ => await _settled.Task });
        context.Response.ContentLength64 = bytes.Length;
        if (number > 0)
        {
            await context.Response.OutputStream.WriteAsync(bytes);
        }

        context.Response.Close();
    }
}
