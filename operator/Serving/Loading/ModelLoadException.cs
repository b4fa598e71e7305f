namespace ModelOperator.Serving.Loading;

/// <summary>The model cannot be served; the message is one sentence for the person who deployed it.</summary>
internal sealed class ModelLoadException(string message) : Exception(message);
