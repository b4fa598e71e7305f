namespace ModelOperator.Kubernetes.Client;

/// <summary>The way to a cluster cannot be read; the message is one sentence naming the file and the field.</summary>
public sealed class KubernetesConfigurationException(string message, Exception? innerException = null)
    : Exception(message, innerException);
