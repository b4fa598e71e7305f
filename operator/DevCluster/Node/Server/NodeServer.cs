using System.Net;
using System.Security.Cryptography;
using System.Text;
using ModelOperator.DevCluster.Node.Pods;

namespace ModelOperator.DevCluster.Node.Server;

/// <summary>
/// The node's HTTPS server: <c>/healthz</c> and <c>/containerLogs/{namespace}/{pod}/{container}</c>, the latter only with the
/// node's bearer token where it has one.
/// </summary>
internal sealed class NodeServer(NodeOptions options, PodManager pods, TimeProvider time)
{
    private readonly byte[]? _authorization = options.ServerToken is { } token ? Encoding.UTF8.GetBytes($"Bearer {token}") : null;

    /// <summary>Starts listening; dispose what it returns to stop.</summary>
    public async Task<WebApplication> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var certificate = options.ServerCertificate ?? ServerCertificate.CreateFor(options.Address, time);
        builder.WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(options.Address, options.ServerPort, listen => listen.UseHttps(certificate)));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok"));
        app.MapGet("/containerLogs/{namespace}/{pod}/{container}", WriteLogAsync);
        await app.StartAsync(cancellationToken);
        return app;
    }

    private async Task WriteLogAsync(HttpContext context)
    {
        if (_authorization is not null && !CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()), _authorization))
        {
            context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            return;
        }

        var request = LogRequest.Read(context.Request, time.GetUtcNow());
        if (request.Error is { } error)
        {
            await RefuseAsync(context, HttpStatusCode.BadRequest, error);
            return;
        }

        if (pods.Find(request.Namespace, request.Pod) is not { } worker)
        {
            await RefuseAsync(context, HttpStatusCode.NotFound, $"pod \"{request.Pod}\" is not on this node");
            return;
        }

        var container = request.Container;
        if (worker.RunOf(container) is not { } run)
        {
            var waiting = worker.State.All.FirstOrDefault(c => c.Name == container);
            await RefuseAsync(
                context, HttpStatusCode.BadRequest,
                waiting is null
                    ? $"container {container} is not valid for pod {request.Pod}"
                    : $"container \"{container}\" in pod \"{request.Pod}\" is waiting to start: {waiting.WaitingReason ?? "ContainerCreating"}");
            return;
        }

        var attempt = request.Previous ? run.Attempt - 1 : run.Attempt;
        var path = worker.Directory.LogOf(container, attempt);
        if (!File.Exists(path))
        {
            await RefuseAsync(
                context, HttpStatusCode.BadRequest, $"previous terminated container \"{container}\" in pod \"{request.Pod}\" not found");
            return;
        }

        context.Response.ContentType = "text/plain";
        await ContainerLogReader.CopyAsync(
            path, request, request.Previous ? run.PreviousLogTimes : run.LogTimes, request is { Follow: true, Previous: false } ? run.Process.Exit : null, context.Response.Body, time, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, HttpStatusCode status, string message)
    {
        context.Response.StatusCode = (int)status;
        return context.Response.WriteAsync(message);
    }
}
