using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using ModelOperator.Router.Forwarding;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.AccessLogging;

/// <summary>What is written about one request. The query is left out: people put secrets there.</summary>
internal sealed record AccessLogEntry
{
    public required DateTimeOffset Time { get; init; }

    public required string RequestId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Client { get; init; }

    public required string Protocol { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Route { get; init; }

    /// <summary>The one that was asked last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Revision { get; init; }

    public required int Status { get; init; }

    public required int Attempts { get; init; }

    public required bool FailedOver { get; init; }

    public required double Milliseconds { get; init; }

    /// <summary>Gathers it when the request has been answered.</summary>
    public static AccessLogEntry Of(
        HttpContext context, Call? call, ModelRoute? route, IPAddress? client, string requestId, DateTimeOffset now, TimeSpan took)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        return new AccessLogEntry
        {
            Time = now,
            RequestId = requestId,
            TraceId = context.Request.Headers.TraceParent is [{ Length: >= 35 } parent] ? parent[3..35] : null,
            Client = client?.ToString(),
            Protocol = context.Request.Protocol,
            Method = context.Request.Method,
            Path = target.Split('?')[0],
            Route = route?.Key,
            Revision = call?.LastAsked?.Revision,
            Status = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted
                ? StatusCodes.Status499ClientClosedRequest
                : context.Response.StatusCode,
            Attempts = call?.Attempts ?? 0,
            FailedOver = call?.FailedOver ?? false,
            Milliseconds = Math.Round(took.TotalMilliseconds, 3),
        };
    }
}
