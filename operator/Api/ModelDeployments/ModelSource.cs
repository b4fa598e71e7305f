using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Api.ModelDeployments;

/// <summary>Where the model comes from and what is known of it.</summary>
public sealed class ModelSource
{
    /// <summary>The name that clients use in V2 paths; default: the ModelDeployment's name.</summary>
    [Length(1, 253)]
    [Pattern("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
    public string? Name { get; set; }

    /// <summary>A label for people; default: the revision's number.</summary>
    [Length(1, 63)]
    [Pattern("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
    public string? Version { get; set; }

    /// <summary>
    /// Address of the model file: <c>file:</c>, <c>http:</c>, <c>https:</c>, or <c>pvc://CLAIM/PATH</c> for a PersistentVolumeClaim of
    /// the namespace.
    /// </summary>
    [Required]
    [Length(1, 2048)]
    [Pattern("^(file:///|https?://|pvc://[a-z0-9]([a-z0-9.-]*[a-z0-9])?/).+$")]
    public string Uri { get; set; } = "";

    /// <summary>SHA-256 of the file in lower-case hex; verified before serving. Absent: the first pod's bytes are pinned.</summary>
    [Pattern("^[0-9a-f]{64}$")]
    public string? Sha256 { get; set; }

    /// <summary>The model's format; picks the ServingRuntime.</summary>
    [DefaultValue("onnx")]
    [Length(1, 63)]
    [Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    public string? Format { get; set; }

    /// <summary>Where the model was made from; carried into the revision, never interpreted.</summary>
    public ModelLineage? Lineage { get; set; }
}
