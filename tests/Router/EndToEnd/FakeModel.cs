using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using ModelOperator.Telemetry.Hosting;

namespace ModelOperator.Router.Tests.EndToEnd;

/// <summary>A pod: a server on a port of its own that behaves as told.</summary>
internal sealed class FakeModel : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeModel(WebApplication app) => _app = app;

    /// <summary>What it does with a request whose body it has read.</summary>
    public RequestDelegate Behaviour { get; set; } = Answers("ok");

    /// <summary>What it does with a request before its body has come; null: <see cref="Behaviour"/>.</summary>
    public RequestDelegate? Raw { get; set; }

    public ConcurrentQueue<Received> Requests { get; } = [];

    /// <summary>Address and port.</summary>
    public string Address => _app.ListeningOn()[0].Authority;

    /// <summary>Where it speaks HTTP/2.</summary>
    public int GrpcPort => _app.ListeningOn()[1].Port;

    public static async Task<FakeModel> StartAsync(RequestDelegate? behaviour = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ListenOnPod("model", port, address: IPAddress.Loopback);
            kestrel.ListenOnPod("grpc", 0, HttpProtocols.Http2, IPAddress.Loopback);
        });
        var model = new FakeModel(builder.Build());
        model.Behaviour = behaviour ?? model.Behaviour;
        model._app.Run(model.HandleAsync);
        await model._app.StartAsync();
        return model;
    }

    public static RequestDelegate Answers(string text) => context => context.Response.WriteAsync(text);

    public static RequestDelegate AnswersWith(int status) => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("the candidate's own words");
    };

    public static Task Hangs(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    public static Task Resets(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Promises an answer of a hundred bytes and closes the connection after ten, which arrive.</summary>
    public static Task BreaksOff(HttpContext context)
    {
        context.Response.ContentLength = 100;
        return context.Response.Body.WriteAsync(new byte[10]).AsTask();
    }

    /// <summary>Ends it as a kill does: what is open is reset, nothing is finished.</summary>
    public async Task KillAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (Raw is not null)
        {
            await Raw(context);
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Requests.Enqueue(new Received(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()));
        await Behaviour(context);
    }

    internal sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}
