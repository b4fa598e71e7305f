namespace ModelOperator.Serving.Fetching;

/// <summary>The model cannot be had; the message is one sentence for the person who wrote its URI.</summary>
internal sealed class FetchException(string message) : Exception(message);
