using System.Text;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Discovery;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>Every request: authenticate, route, answer; errors become Status objects.</summary>
internal sealed class RequestPipeline(ApiServerServices services)
{
    public async Task HandleAsync(HttpContext context, CancellationToken stopping)
    {
        // A watch would hold up the server's end for as long as it likes.
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.RequestAborted = aborted.Token;
        try
        {
            await RouteAsync(context);
        }
        catch (ApiException exception) when (!context.Response.HasStarted)
        {
            if (exception.Code == 401)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
            }

            await WriteErrorAsync(context, exception);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The client left, or the server ends.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var error = ApiErrors.Internal($"Internal error occurred: {exception.GetType().Name}: {exception.Message}");
            await ResponseWriter.WriteAsync(context, error.Code, error.Status);
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.Value is "/livez" or "/readyz" or "/healthz")
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("ok", context.RequestAborted);
            return;
        }

        if (path == "/version")
        {
            await ResponseWriter.WriteAsync(context, 200, ServerVersion.Document);
            return;
        }

        var user = services.Authenticator.Authenticate(context.Request);
        context.Features.Set(user);
        if (await services.Discovery.TryHandleAsync(context) || await services.OpenApi.TryHandleAsync(context))
        {
            return;
        }

        var resource = ResourcePath.Parse(path, services.Kinds) ?? throw (path.StartsWithSegments("/api") || path.StartsWithSegments("/apis") ? ApiErrors.PathNotFound() : ApiErrors.PageNotFound());
        Authorize(context.Request, AccessAttributes.Of(user, context.Request, resource));
        await services.Resources.HandleAsync(context, resource);
    }

    private static Task WriteErrorAsync(HttpContext context, ApiException exception) =>
        exception.Status["reason"]?.GetValue<string>() == ApiErrors.PlainText
            ? ResponseWriter.WriteAsync(context, exception.Code, Encoding.UTF8.GetBytes($"{exception.Message}\n"), "text/plain; charset=utf-8")
            : ResponseWriter.WriteAsync(context, exception.Code, exception.Status);

    private void Authorize(HttpRequest request, AccessAttributes wanted)
    {
        try
        {
            services.Gate.Require(wanted);
            services.Audit.Write(request, wanted, allowed: true);
        }
        catch (ApiException)
        {
            services.Audit.Write(request, wanted, allowed: false);
            throw;
        }
    }
}
