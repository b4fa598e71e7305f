namespace ModelOperator.Kubernetes.Models;

/// <summary>An HTTP request; 200 to 399 is success.</summary>
public sealed class V1HTTPGetAction
{
    public string? Path { get; set; }

    public IntstrIntOrString? Port { get; set; }

    public string? Host { get; set; }

    /// <summary><c>HTTP</c> or <c>HTTPS</c>.</summary>
    public string? Scheme { get; set; }

    public IList<V1HTTPHeader>? HttpHeaders { get; set; }
}
