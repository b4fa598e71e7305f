using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>One page of a list.</summary>
internal sealed class ListPage<T>
{
    public V1ListMeta Metadata { get; set; } = new();

    public IList<T> Items { get; set; } = [];
}
