using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>How the model is served.</summary>
public sealed class RuntimeSettings
{
    /// <summary>Name of a ServingRuntime; default: the one for the model's format.</summary>
    [Length(1, 253)]
    public string? Name { get; set; }

    /// <summary>
    /// What runs the model. auto: TensorRT where it is to be had, else CUDA, else the CPU. With cuda, or with tensorrt, a pod without a
    /// working GPU fails and says why.
    /// </summary>
    [DefaultValue("auto")]
    [EnumValues("auto", "cuda", "tensorrt", "cpu")]
    public string? ExecutionProvider { get; set; }

    /// <summary>Runs requests together that wait at the same time; absent: each alone.</summary>
    public BatchingSettings? Batching { get; set; }

    /// <summary>What is asked of the model before it takes requests.</summary>
    public WarmupSettings? Warmup { get; set; }

    /// <summary>Arguments added after the ServingRuntime's.</summary>
    [Items(0, 64)]
    public IList<string>? Args { get; set; }

    /// <summary>Variables added to the ServingRuntime's; the same name replaces.</summary>
    [Items(0, 64)]
    [XListMapKeys("name")]
    public IList<V1EnvVar>? Env { get; set; }

    /// <summary>CPU and memory of each pod; default: the ServingRuntime's.</summary>
    public V1ResourceRequirements? Resources { get; set; }
}
