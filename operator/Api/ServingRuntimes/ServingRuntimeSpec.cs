using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Api.ServingRuntimes;

/// <summary>
/// The container that serves a model. It finds in its environment MODEL_NAME, MODEL_PATH, MODEL_VERSION,
/// MODEL_REVISION and POD_IP, usable as <c>$(MODEL_NAME)</c> in <see cref="Args"/>.
/// </summary>
public sealed class ServingRuntimeSpec
{
    /// <summary>The formats it serves.</summary>
    [Required]
    [Items(1, 32)]
    [XListType("set")]
    public IList<string> Formats { get; set; } = [];

    /// <summary>The image.</summary>
    [Required]
    [Length(1, 1024)]
    public string Image { get; set; } = "";

    /// <summary>The command; default: the image's.</summary>
    [XListType("atomic")]
    public IList<string>? Command { get; set; }

    /// <summary>Its arguments.</summary>
    [XListType("atomic")]
    public IList<string>? Args { get; set; }

    /// <summary>Its environment.</summary>
    [XListMapKeys("name")]
    public IList<V1EnvVar>? Env { get; set; }

    /// <summary>CPU and memory when a ModelDeployment says nothing.</summary>
    public V1ResourceRequirements? Resources { get; set; }

    /// <summary>Where it listens.</summary>
    public RuntimePorts? Ports { get; set; }

    /// <summary>Where it tells its health.</summary>
    public RuntimeProbes? Probes { get; set; }

    /// <summary>The image and command that fetch and verify the model before the container starts.</summary>
    [Required]
    public ModelFetcher Fetch { get; set; } = new();
}
