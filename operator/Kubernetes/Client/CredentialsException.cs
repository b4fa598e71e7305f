namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// A request could not be sent because its credentials could not be had; the message names the file or the plug-in,
/// never what they hold. May pass when tried again.
/// </summary>
public sealed class CredentialsException(string message, Exception? innerException = null)
    : HttpRequestException(message, innerException);
