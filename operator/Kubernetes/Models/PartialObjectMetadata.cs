namespace ModelOperator.Kubernetes.Models;

/// <summary>
/// The metadata of an object and nothing else. The server sends no more when such objects are listed or watched, which
/// makes following many large ones cheap.
/// </summary>
/// <typeparam name="TOf">The kind whose metadata it is.</typeparam>
public sealed class PartialObjectMetadata<TOf> : IKubernetesObject<V1ObjectMeta>
    where TOf : class, IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();
}
