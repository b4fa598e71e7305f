namespace ModelOperator.Serving.Inference;

/// <summary>More is asked than the model can answer in time; the request was not begun and may be sent again.</summary>
/// <param name="message">One sentence for the caller.</param>
/// <param name="retryAfter">When the requests that wait now will be done.</param>
internal sealed class QueueFullException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
