namespace ModelOperator.Soak;

/// <summary>Something was lost, or memory grew.</summary>
internal sealed class SoakViolationException(string message) : Exception(message);
