namespace ModelOperator.OpenInference.Suite;

/// <summary>A case makes no sense for this server or model; the message says why.</summary>
internal sealed class NotApplicableException(string message) : Exception(message);
