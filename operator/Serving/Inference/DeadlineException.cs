namespace ModelOperator.Serving.Inference;

/// <summary>The caller's own deadline passed before the model began; the request was not run.</summary>
/// <param name="timeout">As the caller gave it.</param>
internal sealed class DeadlineException(TimeSpan timeout)
    : Exception($"the request's timeout of {timeout.TotalMilliseconds:0.###} ms was over before the model could begin; it was not run");
