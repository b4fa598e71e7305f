using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ServingRuntimes;

/// <summary>
/// The init container that brings the model. It finds MODEL_URI, MODEL_PATH and, when known, MODEL_SHA256 in its
/// environment and writes the digest it saw to its termination message.
/// </summary>
public sealed class ModelFetcher
{
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
}
