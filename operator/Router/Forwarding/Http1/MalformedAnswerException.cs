namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>A pod's answer is not HTTP/1.1, or two readers could take it for different answers.</summary>
internal sealed class MalformedAnswerException(string message) : Exception(message);
