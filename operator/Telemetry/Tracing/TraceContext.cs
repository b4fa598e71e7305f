using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ModelOperator.Telemetry.Tracing;

/// <summary>The W3C trace context that a request came with.</summary>
public static class TraceContext
{
    /// <summary>The caller's span, or none when the headers are missing or malformed, which starts a trace of our own.</summary>
    public static ActivityContext Of(IHeaderDictionary headers) =>
        ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var context) ? context : default;

    /// <summary>The trace that a request belongs to, for logs; whether or not it is exported. Null when it belongs to none.</summary>
    public static string? IdOf(HttpContext http) =>
        Activity.Current is { } activity ? activity.TraceId.ToHexString()
        : Of(http.Request.Headers) is { TraceId: var id } && id != default ? id.ToHexString()
        : null;
}
