namespace ModelOperator.Kubernetes.Client;

/// <summary>The JSON that a request carries.</summary>
internal sealed record RequestBody(string ContentType, byte[] Json);
