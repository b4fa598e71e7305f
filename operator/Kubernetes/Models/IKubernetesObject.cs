namespace ModelOperator.Kubernetes.Models;

/// <summary>Any object of the Kubernetes API.</summary>
public interface IKubernetesObject
{
    /// <summary>Group and version, for example <c>apps/v1</c>.</summary>
    string? ApiVersion { get; set; }

    /// <summary>The kind, for example <c>Deployment</c>.</summary>
    string? Kind { get; set; }
}

/// <summary>An object with metadata.</summary>
public interface IKubernetesObject<TMetadata> : IKubernetesObject
{
    /// <summary>Name, namespace, labels and what the API server keeps of the object.</summary>
    TMetadata Metadata { get; set; }
}
