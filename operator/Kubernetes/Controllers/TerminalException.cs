namespace ModelOperator.Kubernetes.Controllers;

/// <summary>
/// A reconciliation failed in a way that trying again cannot mend: it is counted and told, and the object is left alone
/// until it changes.
/// </summary>
public sealed class TerminalException(string message, Exception? inner = null) : Exception(message, inner);
