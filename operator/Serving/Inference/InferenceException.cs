namespace ModelOperator.Serving.Inference;

/// <summary>The model could not answer: its fault, not the caller's.</summary>
internal sealed class InferenceException(string message, Exception? inner = null) : Exception(message, inner);
