namespace ModelOperator.Kubernetes.Models;

/// <summary>One reason among several for a refusal.</summary>
public sealed class V1StatusCause
{
    public string? Reason { get; set; }

    public string? Message { get; set; }

    /// <summary>The path of the field, for example <c>spec.replicas</c>.</summary>
    public string? Field { get; set; }
}
