using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Why a request has no answer, in the terms that its caller is told and that metrics count.</summary>
/// <param name="Outcome">Whose fault it is: the metric's word.</param>
/// <param name="Status">The HTTP status; over gRPC its counterpart.</param>
/// <param name="Message">One sentence for the caller.</param>
/// <param name="RetryAfter">When it is worth trying again.</param>
internal readonly record struct Failure(Outcome Outcome, int Status, string Message, TimeSpan? RetryAfter = null)
{
    /// <returns>Null for what is no failure of a request but of this program.</returns>
    public static Failure? Of(Exception exception, string model) => exception switch
    {
        ProtocolException failure => new Failure(
            failure.Status < StatusCodes.Status500InternalServerError ? Outcome.ClientError : Outcome.Error, failure.Status, failure.Message),
        BadHttpRequestException failure => new Failure(Outcome.ClientError, failure.StatusCode, failure.Message),
        QueueFullException failure => new Failure(
            Outcome.Rejected, StatusCodes.Status503ServiceUnavailable, failure.Message, failure.RetryAfter),
        DeadlineException failure => new Failure(Outcome.Timeout, StatusCodes.Status504GatewayTimeout, failure.Message),
        BatchTooLargeException failure => new Failure(Outcome.ClientError, StatusCodes.Status400BadRequest, failure.Message),
        InferenceException failure => new Failure(
            Outcome.Error, StatusCodes.Status500InternalServerError, $"model '{model}' failed: {failure.Message}"),
        _ => null,
    };
}
