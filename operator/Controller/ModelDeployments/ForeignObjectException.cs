namespace ModelOperator.Controller.ModelDeployments;

/// <summary>An object that the operator needs has a name that is taken.</summary>
internal sealed class ForeignObjectException(string message) : Exception(message);
