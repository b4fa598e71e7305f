using System.Text.Json;
using Microsoft.Net.Http.Headers;
using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Serialization;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Forwarding;

/// <summary>
/// Answers of the router itself: <c>{"error": "..."}</c>, as models answer in the open inference protocol; to a gRPC call a
/// status without messages.
/// </summary>
internal static class ErrorAnswer
{
    /// <summary>Writes one; does nothing when the caller has an answer already or is gone.</summary>
    public static Task WriteAsync(
        HttpContext context, int status, string error, string requestId, Backend? backend = null, TimeSpan? retryAfter = null)
    {
        var response = context.Response;
        if (response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }
        response.Clear();
        response.Headers[LineageHeaders.RequestId] = requestId;
        if (backend is not null)
        {
            Lineage.Complete(response.Headers, backend);
        }
        if (retryAfter is { } wait)
        {
            response.Headers[HeaderNames.RetryAfter] = $"{Math.Ceiling(wait.TotalSeconds)}";
        }
        if (Call.IsGrpcCall(context.Request))
        {
            response.ContentType = GrpcStatus.ContentType;
            response.Headers[GrpcStatus.Header] = $"{GrpcStatus.FromHttp(status)}";
            response.Headers[GrpcStatus.MessageHeader] = Uri.EscapeDataString(error);
            return response.CompleteAsync();
        }
        response.StatusCode = status;
        response.ContentType = "application/json";
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["error"] = error }, KubernetesJson.Options);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
