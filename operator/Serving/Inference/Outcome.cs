namespace ModelOperator.Serving.Inference;

/// <summary>How an inference request ended; the order is that of the metric's label values.</summary>
internal enum Outcome
{
    Ok,
    ClientError,
    Error,
    Rejected,
    Timeout,
    Canceled,
}
