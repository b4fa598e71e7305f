using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Primitives;
using ModelOperator.Api.Conventions;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Hosting;

/// <summary>Puts on every answer which version of which bytes gave it, and under which id the request is known.</summary>
internal sealed class LineageMiddleware(RequestDelegate next, ServingSettings settings, ModelSlot slot, IHostApplicationLifetime lifetime)
{
    private const int MaxRequestIdLength = 128;

    private readonly StringValues _version = settings.Model.Version;
    private readonly StringValues _revision = settings.Model.Revision;
    private readonly RequestIds _ids = new();

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers[LineageHeaders.Version] = _version;
        if (settings.Model.Revision.Length > 0)
        {
            headers[LineageHeaders.Revision] = _revision;
        }
        if (slot.Model is { } model)
        {
            headers[LineageHeaders.Digest] = model.Digest;
        }
        headers[LineageHeaders.RequestId] = RequestId(context.Request.Headers[LineageHeaders.RequestId]);
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Moves callers that keep connections open to another pod while this one drains.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        return next(context);
    }

    // What is not fit for a header or a log line gets replaced.
    private string RequestId(string? given) =>
        given is { Length: > 0 and <= MaxRequestIdLength } && !given.AsSpan().ContainsAnyExceptInRange('!', '~') ? given : _ids.Next();
}
