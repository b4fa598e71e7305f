namespace ModelOperator.Kubernetes.Models;

/// <summary>Keeps pods off a node that do not tolerate it.</summary>
public sealed class V1Taint
{
    public string Key { get; set; } = "";

    public string? Value { get; set; }

    /// <summary><c>NoSchedule</c>, <c>PreferNoSchedule</c> or <c>NoExecute</c>.</summary>
    public string Effect { get; set; } = "";
}
