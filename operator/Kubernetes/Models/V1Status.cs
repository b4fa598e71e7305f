namespace ModelOperator.Kubernetes.Models;

/// <summary>What the API server answers when it refuses.</summary>
public sealed class V1Status
{
    public string? ApiVersion { get; set; } = "v1";

    public string? Kind { get; set; } = "Status";

    /// <summary><c>Success</c> or <c>Failure</c>.</summary>
    public string? Status { get; set; }

    public string? Message { get; set; }

    /// <summary>A word for machines, for example <c>NotFound</c>.</summary>
    public string? Reason { get; set; }

    public V1StatusDetails? Details { get; set; }

    /// <summary>The HTTP status code.</summary>
    public int? Code { get; set; }
}
