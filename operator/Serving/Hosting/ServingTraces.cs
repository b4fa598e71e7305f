using System.Diagnostics;
using ModelOperator.Api.Conventions;
using ModelOperator.Serving.Inference;
using ModelOperator.Telemetry.Tracing;

namespace ModelOperator.Serving.Hosting;

/// <summary>
/// The server's spans: one for each request, a child of the caller's, and one in it for the wait and the run in the model. Nobody
/// listens unless an exporter is configured; starting a span is a null check then.
/// </summary>
internal static class ServingTraces
{
    public const string SourceName = "ModelOperator.Serving";
    public const string InferenceName = "inference";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Spans of requests; to be used only where an exporter is configured.</summary>
    public static void UseRequestSpans(this IApplicationBuilder listener) => listener.Use(async (context, next) =>
    {
        var request = context.Request;
        using var span = Source.StartActivity(NameOf(request), ActivityKind.Server, TraceContext.Of(request.Headers));
        span?.SetTag("http.request.method", request.Method);
        span?.SetTag("url.path", request.Path.Value);
        try
        {
            await next(context);
        }
        finally
        {
            var status = context.Response.StatusCode;
            span?.SetTag("http.response.status_code", status);
            span?.SetTag("request.id", context.Response.Headers[LineageHeaders.RequestId].ToString());
            if (status >= StatusCodes.Status500InternalServerError)
            {
                span?.SetStatus(ActivityStatusCode.Error);
            }
        }
    });

    public static Activity? StartInference(ModelIdentity model, long rows)
    {
        var span = Source.StartActivity(InferenceName);
        span?.SetTag("model.name", model.Name);
        span?.SetTag("model.version", model.Version);
        span?.SetTag("model.revision", model.Revision);
        span?.SetTag("model.rows", rows);
        return span;
    }

    // Names are few: what callers put into paths is no part of them.
    private static string NameOf(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        return path.StartsWith("/inference.", StringComparison.Ordinal) ? path[1..]
            : path.EndsWith("/infer", StringComparison.Ordinal) ? $"{request.Method} /v2/models/{{model}}/infer"
            : $"{request.Method} /v2";
    }
}
