using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>What a model was made from.</summary>
public sealed class ModelLineage
{
    /// <summary>The training run, for example <c>mlflow:3f2c</c>.</summary>
    [Length(0, 1024)]
    public string? Run { get; set; }

    /// <summary>The data set and its version.</summary>
    [Length(0, 1024)]
    public string? Dataset { get; set; }

    /// <summary>The commit of the training code.</summary>
    [Length(0, 1024)]
    public string? Commit { get; set; }

    /// <summary>Measured qualities as text, for example <c>accuracy: "0.981"</c>.</summary>
    [PropertyLimits(0, 32)]
    public IDictionary<string, string>? Metrics { get; set; }
}
