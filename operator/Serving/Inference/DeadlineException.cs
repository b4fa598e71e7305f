namespace ModelOperator.Serving.Inference;

/// <summary>The caller's own deadline passed before the model began; the request was not run.</summary>
internal sealed class DeadlineException(string message) : Exception(message);
