using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using ModelOperator.Kubernetes.Client;
using ModelOperator.TestSupport.Samples;

namespace ModelOperator.Benchmarks.Kubernetes;

/// <summary>An API that serves pods from bytes made beforehand, so that little of what is measured is its own.</summary>
internal sealed class PodServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly byte[][] _added;
    private readonly byte[][] _items;
    private readonly ConcurrentDictionary<Channel<byte[]>, bool> _watches = new();
    private int _writes;

    private PodServer(int pods)
    {
        var json = Enumerable.Range(0, pods).Select(number => SamplePods.Json(number, number + 1)).ToList();
        _items = [.. json.Select(Encoding.UTF8.GetBytes)];
        _added = [.. json.Select(pod => SamplePods.EventLine("ADDED", pod))];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Requests that were no reads.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public static async Task<PodServer> StartAsync(int pods)
    {
        var server = new PodServer(pods);
        await server._app.StartAsync();
        return server;
    }

    public KubernetesClient CreateClient() => new(new KubernetesClientConfiguration { Server = new Uri(_app.Urls.Single()) });

    /// <summary>Sends a line to every watch.</summary>
    public void Send(byte[] line)
    {
        foreach (var watch in _watches.Keys)
        {
            watch.Writer.TryWrite(line);
        }
    }

    /// <summary>Sends every watch a bookmark, as servers do about once a minute.</summary>
    public void SendBookmark(long version) => Send(Bookmark(version, annotations: ""));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static byte[] Bookmark(long version, string annotations) => SamplePods.EventLine(
        "BOOKMARK", "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version + "\"" + annotations + "}}");

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method != "GET")
        {
            Interlocked.Increment(ref _writes);
        }

        return context.Request.Query.ContainsKey("watch") ? WatchAsync(context) : ListAsync(context);
    }

    private async Task ListAsync(HttpContext context)
    {
        var body = context.Response.BodyWriter;
        await body.WriteAsync(Encoding.UTF8.GetBytes("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + _items.Length + "\"},\"items\":["));
        for (var i = 0; i < _items.Length; i++)
        {
            if (i > 0)
            {
                await body.WriteAsync(","u8.ToArray());
            }

            await body.WriteAsync(_items[i]);
        }

        await body.WriteAsync("]}"u8.ToArray());
    }

    private async Task WatchAsync(HttpContext context)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync();
        var body = context.Response.BodyWriter;
        var watch = Channel.CreateUnbounded<byte[]>();
        _watches.TryAdd(watch, true);
        try
        {
            if (context.Request.Query["sendInitialEvents"] == "true")
            {
                foreach (var line in _added)
                {
                    await body.WriteAsync(line, context.RequestAborted);
                }

                await body.WriteAsync(Bookmark(_added.Length, ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}"), context.RequestAborted);
            }

            await foreach (var line in watch.Reader.ReadAllAsync(context.RequestAborted))
            {
                await body.WriteAsync(line, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has left.
        }
        finally
        {
            _watches.TryRemove(watch, out _);
        }
    }
}
