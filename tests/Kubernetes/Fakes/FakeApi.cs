using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>An API server that answers what a test has queued: watches and other requests each in order.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<RequestDelegate> _replies = Channel.CreateUnbounded<RequestDelegate>();
    private readonly Channel<RequestDelegate> _watches = Channel.CreateUnbounded<RequestDelegate>();

    private FakeApi(Action<HttpsConnectionAdapterOptions>? https, HttpProtocols protocols)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(
            System.Net.IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (https is not null)
                {
                    listen.UseHttps(https);
                }
            }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public static Task<FakeApi> StartAsync(X509Certificate2? certificate = null) =>
        StartAsync(certificate is null ? null : options => options.ServerCertificate = certificate);

    public static async Task<FakeApi> StartAsync(
        Action<HttpsConnectionAdapterOptions>? https, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var api = new FakeApi(https, protocols);
        await api._app.StartAsync();
        return api;
    }

    public KubernetesClient CreateClient(TimeProvider? timeProvider = null) =>
        new(new KubernetesClientConfiguration { Server = Address, AccessToken = "secret", UserAgent = "test/1" }, timeProvider);

    /// <summary>Answers the next request that is no watch.</summary>
    public void Reply(RequestDelegate reply) => _replies.Writer.TryWrite(reply);

    /// <summary>Answers the next watch; a watch with no answer queued stays open, without headers.</summary>
    public void ReplyToWatch(RequestDelegate reply) => _watches.Writer.TryWrite(reply);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        Requests.Enqueue(new RecordedRequest(
            context.Request.Method,
            context.Request.Path.Value!,
            context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await body.ReadToEndAsync(context.RequestAborted))
        {
            Connection = context.Connection.Id,
            Protocol = context.Request.Protocol,
            ClientCertificate = context.Connection.ClientCertificate?.Thumbprint,
        });
        var queue = context.Request.Query.ContainsKey("watch") ? _watches : _replies;
        var reply = await queue.Reader.ReadAsync(context.RequestAborted);
        await reply(context);
    }
}
