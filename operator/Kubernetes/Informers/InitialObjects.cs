using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Informers;

/// <summary>The objects of a stream until the bookmark that ends them; they come in no order of versions.</summary>
internal sealed class InitialObjects<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<ObjectKey, T> _objects = [];

    public IReadOnlyList<T> All => [.. _objects.Values];

    public void Take(in WatchEvent<T> change)
    {
        switch (change.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified:
                _objects[change.Object.Key()] = change.Object;
                break;
            case WatchEventType.Deleted:
                _objects.Remove(change.Object.Key());
                break;
        }
    }
}
