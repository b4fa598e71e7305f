namespace ModelOperator.OpenInference.Suite;

/// <summary>The server does not do what the specification says; the message tells what it did.</summary>
internal sealed class NonConformanceException(string message) : Exception(message);
