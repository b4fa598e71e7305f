namespace ModelOperator.Kubernetes.Models;

/// <summary>A <c>metav1.Condition</c>.</summary>
public sealed class V1Condition
{
    /// <summary>What the condition is about, for example <c>Ready</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; set; } = "Unknown";

    /// <summary>A word in CamelCase for machines.</summary>
    public string Reason { get; set; } = "";

    /// <summary>A sentence for people.</summary>
    public string Message { get; set; } = "";

    /// <summary>When <see cref="Status"/> last changed.</summary>
    public DateTime? LastTransitionTime { get; set; }

    /// <summary>The generation of the spec that the condition was judged on.</summary>
    public long? ObservedGeneration { get; set; }
}
