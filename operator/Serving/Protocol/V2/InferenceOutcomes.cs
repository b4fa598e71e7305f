using ModelOperator.Api.Conventions;
using ModelOperator.Serving.Inference;
using ModelOperator.Telemetry.Tracing;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Counts how requests for inference end, whichever way they came, and logs what the model did wrong.</summary>
internal sealed partial class InferenceOutcomes(ModelIdentity model, ServingMetrics metrics, ILogger<InferenceOutcomes> logger)
{
    public void Succeeded() => metrics.Finished(Outcome.Ok);

    /// <returns>What to tell the caller; null when nobody is left to be told, or when it is a fault of this program.</returns>
    public Failure? Failed(Exception exception, HttpContext http)
    {
        var failure = Of(exception, http);
        metrics.Finished(failure?.Outcome ?? (IsGone(exception, http) ? Outcome.Canceled : Outcome.Error));
        if (exception is InferenceException)
        {
            LogModelFailed(
                model.Name, http.Response.Headers[LineageHeaders.RequestId].ToString(), TraceContext.IdOf(http) ?? "none", exception.Message);
        }
        return failure;
    }

    /// <summary>
    /// Whether the caller left, or broke its connection: the only input and output in the course of a request is with the
    /// caller.
    /// </summary>
    public static bool IsGone(Exception exception, HttpContext http) => exception is not BadHttpRequestException
        && (exception is IOException || (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested));

    private Failure? Of(Exception exception, HttpContext http) => exception switch
    {
        _ when IsGone(exception, http) => null,
        OperationCanceledException => new Failure(Outcome.Timeout, StatusCodes.Status504GatewayTimeout, "the time that the caller gave is over"),
        _ => Failure.Of(exception, model.Name),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Model} failed for request {RequestId} of trace {TraceId}: {Reason}")]
    private partial void LogModelFailed(string model, string requestId, string traceId, string reason);
}
