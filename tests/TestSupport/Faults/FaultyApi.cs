using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ModelOperator.TestSupport.Faults;

/// <summary>
/// An API server for ConfigMaps, real in versions, pages, history, bookmarks and streamed lists, that meets the
/// faults it is told to. Selectors are not looked at. Put a <see cref="FaultyLink"/> before it for faults of the
/// connection.
/// </summary>
public sealed class FaultyApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<ApiCall, ConcurrentQueue<Fault>> _faults = new();
    private readonly ConcurrentDictionary<ApiCall, int> _calls = new();

    private FaultyApi(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What the server holds.</summary>
    public ConfigMapStore Store { get; } = new();

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts on a free port of the loopback address; with a certificate it speaks HTTP/2, without it HTTP/1.1.</summary>
    public static async Task<FaultyApi> StartAsync(X509Certificate2? certificate = null)
    {
        var api = new FaultyApi(certificate);
        await api._app.StartAsync();
        return api;
    }

    /// <summary>How many calls of a kind have come.</summary>
    public int Calls(ApiCall call) => _calls.GetValueOrDefault(call);

    /// <summary>The next call of a kind that has no fault yet meets this one.</summary>
    public void InjectIntoNext(ApiCall call, Fault fault) => _faults.GetOrAdd(call, _ => new ConcurrentQueue<Fault>()).Enqueue(fault);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // api/v1[/namespaces/{namespace}]/configmaps[/{name}]
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isNamespaced = path.Length > 4 && path[2] == "namespaces";
        var namespaceName = isNamespaced ? path[3] : null;
        var name = path.ElementAtOrDefault(isNamespaced ? 5 : 3);
        var call = context.Request.Query.ContainsKey("watch") ? ApiCall.Watch : name is null ? ApiCall.List : ApiCall.Get;
        _calls.AddOrUpdate(call, 1, (_, count) => count + 1);
        if (_faults.TryGetValue(call, out var faults) && faults.TryDequeue(out var fault) && !await fault.ApplyAsync(context))
        {
            return;
        }

        try
        {
            await (call switch
            {
                ApiCall.Watch => WatchAsync(context, namespaceName),
                ApiCall.List => ListAsync(context, namespaceName),
                _ => SendAsync(context, Store.Get($"{namespaceName}/{name}"), 404, "NotFound"),
            });
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left.
        }
    }

    private Task ListAsync(HttpContext context, string? namespaceName)
    {
        var limit = int.TryParse(context.Request.Query["limit"], CultureInfo.InvariantCulture, out var given) && given > 0 ? given : int.MaxValue;
        var next = context.Request.Query["continue"].ToString();
        return SendAsync(context, Store.List(namespaceName, limit, next.Length == 0 ? null : next), 410, "Expired");
    }

    private async Task WatchAsync(HttpContext context, string? namespaceName)
    {
        var query = context.Request.Query;
        long? from = long.TryParse(query["resourceVersion"], CultureInfo.InvariantCulture, out var given) ? given : null;
        if (Store.Watch(namespaceName, from, query["sendInitialEvents"] == "true") is not { } watch)
        {
            await SendAsync(context, json: null, 410, "Expired");
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (int.TryParse(query["timeoutSeconds"], CultureInfo.InvariantCulture, out var seconds))
        {
            limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        try
        {
            if (!context.Response.HasStarted)
            {
                context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
                context.Response.ContentType = "application/json";
                await context.Response.StartAsync(limit.Token);
            }

            await FollowAsync(context, watch.Reader, limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // timeoutSeconds is over: a clean end.
        }
        finally
        {
            Store.Close(watch);
        }
    }

    private static async Task FollowAsync(HttpContext context, ChannelReader<WatchItem> items, CancellationToken cancellationToken)
    {
        await foreach (var (line, fault) in items.ReadAllAsync(cancellationToken))
        {
            if (fault is not null && !await fault.ApplyAsync(context))
            {
                return;
            }

            if (line is not null)
            {
                await context.Response.WriteAsync(line + "\n", cancellationToken);
                if (!items.TryPeek(out _))
                {
                    await context.Response.Body.FlushAsync(cancellationToken);
                }
            }
        }
    }

    private static async Task SendAsync(HttpContext context, string? json, int codeOfNull, string reasonOfNull)
    {
        if (json is null)
        {
            await KnownFaults.Refusal(codeOfNull, reasonOfNull, reasonOfNull).ApplyAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }
}
