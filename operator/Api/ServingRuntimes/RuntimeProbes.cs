using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ServingRuntimes;

/// <summary>Paths on the health port.</summary>
public sealed class RuntimeProbes
{
    /// <summary>Answers 200 once the model is loaded and warm.</summary>
    [DefaultValue("/readyz")]
    public string? Ready { get; set; }

    /// <summary>Answers 200 while the process can go on.</summary>
    [DefaultValue("/livez")]
    public string? Live { get; set; }
}
