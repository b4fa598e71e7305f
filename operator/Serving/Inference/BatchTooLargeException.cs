namespace ModelOperator.Serving.Inference;

/// <summary>One request asks about more items than the model may be given at once: the caller has to cut it.</summary>
internal sealed class BatchTooLargeException(string message) : Exception(message);
