namespace ModelOperator.Kubernetes.Models;

/// <summary>Confidential settings, by key.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Secret", PluralName = "secrets")]
public sealed class V1Secret : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    public string? Type { get; set; }

    public IDictionary<string, byte[]>? Data { get; set; }

    /// <summary>Write-only: text that the server puts into <see cref="Data"/>.</summary>
    public IDictionary<string, string>? StringData { get; set; }

    public bool? Immutable { get; set; }
}
